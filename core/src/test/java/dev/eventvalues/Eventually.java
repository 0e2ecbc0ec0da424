package dev.eventvalues;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that must come true, and says which one did not. */
public final class Eventually {
    /** Longer than anything takes on a machine that is busy with other things. */
    public static final Duration BOUND = Duration.ofSeconds(20);

    private Eventually() {}

    /**
     * Waits until a condition holds.
     *
     * @param what the condition in words, for the failure
     * @param condition looked at again and again
     */
    public static void eventually(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > BOUND.toNanos()) {
                throw new AssertionError("still not so after " + BOUND + ": " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
