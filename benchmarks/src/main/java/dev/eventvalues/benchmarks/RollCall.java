package dev.eventvalues.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the readers that have received a state, one state at a time. */
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class RollCall {
    private final int readers;
    private final AtomicInteger missing = new AtomicInteger();

    /** Both written by the setter, before the state is set. */
    private volatile @Nullable Object expected;

    private volatile CountDownLatch complete = new CountDownLatch(0);

    /** Written by the last reader to answer. */
    private volatile long lastNanos;

    /** Written by any reader. */
    private volatile @Nullable Throwable failure;

    RollCall(int readers) {
        this.readers = readers;
    }

    /** Expects this state of every reader from now on. */
    void begin(Object state) {
        missing.set(readers);
        complete = new CountDownLatch(1);
        expected = state;
    }

    /** Called by each reader with what it received. Throws nothing: who would see it? */
    void answer(Object state) {
        if (state != expected) {
            fail(new AssertionError("not what was set"));
            return;
        }
        int left = missing.decrementAndGet();
        if (left == 0) {
            lastNanos = System.nanoTime();
            complete.countDown();
        } else if (left < 0) {
            fail(new AssertionError("delivered twice"));
        }
    }

    void fail(Throwable cause) {
        failure = cause;
        complete.countDown();
    }

    boolean failed() {
        return failure != null;
    }

    /** Returns the {@link System#nanoTime} at which the last had it. */
    long await() throws InterruptedException {
        complete.await();
        if (failure != null) {
            throw new AssertionError(failure);
        }
        return lastNanos;
    }
}
