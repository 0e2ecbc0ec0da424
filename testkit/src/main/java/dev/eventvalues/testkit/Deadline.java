package dev.eventvalues.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The end of the time that something outside this JVM has to come about. */
final class Deadline {
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(5);

    private final Duration allowance;
    private final long end;

    private Deadline(Duration allowance) {
        this.allowance = allowance;
        this.end = System.nanoTime() + allowance.toNanos();
    }

    static Deadline in(Duration allowance) {
        return new Deadline(allowance);
    }

    /** The time left, at least a millisecond. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(end - System.nanoTime(), 1_000_000));
    }

    boolean passed() {
        return end - System.nanoTime() <= 0;
    }

    void await(Supplier<String> what, BooleanSupplier condition) {
        awaitPresent(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Asks until there is an answer.
     *
     * @throws IllegalStateException if the time is up or the thread is interrupted; it says what was waited for
     */
    <T> T awaitPresent(Supplier<String> what, Supplier<Optional<T>> answer) {
        while (true) {
            Optional<T> present = answer.get();
            if (present.isPresent()) {
                return present.get();
            }
            if (passed()) {
                throw new IllegalStateException("waited " + allowance.toMillis() + " ms in vain for " + what.get());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN_AFTER.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what.get(), e);
            }
        }
    }
}
