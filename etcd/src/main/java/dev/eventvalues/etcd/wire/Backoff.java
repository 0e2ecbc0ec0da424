package dev.eventvalues.etcd.wire;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to rest between attempts: doubling from {@code min} up to {@code max}, of which a random half is left out so
 * that feeds that failed together do not come back together.
 *
 * @param min the first rest; more than zero
 * @param max the longest rest; at least {@code min}
 */
public record Backoff(Duration min, Duration max) {
    /**
     * Checks the bounds.
     *
     * @param min the first rest
     * @param max the longest rest
     * @throws IllegalArgumentException if {@code min} is not positive or {@code max} is less
     */
    public Backoff {
        if (min.isZero() || min.isNegative() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("a back-off needs 0 < min <= max, and got min " + min + ", max " + max);
        }
    }

    /**
     * The rest after so many failures.
     *
     * @param attempt from 1
     * @param random where the jitter comes from
     * @return nanoseconds
     */
    long nanos(int attempt, RandomGenerator random) {
        long least = TimeUnit.NANOSECONDS.convert(min);
        long most = TimeUnit.NANOSECONDS.convert(max);
        int doublings = Math.min(attempt - 1, 20);
        long full = least > most >> doublings ? most : least << doublings;
        return full - random.nextLong(full / 2 + 1);
    }
}
