package dev.eventvalues.internal;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits until something it looks at has changed: a blocked thread ({@link #await}) or a task that takes
 * {@link Turns}. It stands in the {@link WaitList} of everything it looks at.
 */
public abstract class Waiter {
    private static final WaitList.Node[] NOWHERE = {};

    /** In the order of arming, which is the same in each round. Written by the call that waits. */
    private WaitList.@Nullable Node[] nodes = NOWHERE;

    private int armed;

    Waiter() {}

    /** What a waiting call looks at. */
    public interface Subject<R, X extends Exception> {
        /**
         * Tries once, without waiting.
         *
         * @return the outcome, or null if it must be waited for
         * @throws X if the call fails for good
         */
        @Nullable
        R attempt() throws X;

        /**
         * Calls {@link Waiter#arm} for each list whose owner may make the next attempt succeed, always in the same
         * order.
         *
         * @param waiter the waiting call
         */
        void arm(Waiter waiter);
    }

    /**
     * Blocks the calling thread until an attempt succeeds.
     *
     * @param <R> the outcome
     * @param <X> what an attempt throws
     * @param subject what to look at
     * @param timeoutNanos how long; at or below 0 is one attempt, {@link Long#MAX_VALUE} waits for ever
     * @return the outcome, or null when the time is up
     * @throws X from an attempt
     * @throws InterruptedException if the thread is or becomes interrupted; then no attempt has succeeded
     */
    public static <R, X extends Exception> @Nullable R await(Subject<R, X> subject, long timeoutNanos)
            throws X, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        R outcome = subject.attempt();
        if (outcome != null || timeoutNanos <= 0) {
            return outcome;
        }
        long start = System.nanoTime();
        BlockedThread waiter = new BlockedThread();
        try {
            while (true) {
                waiter.woken = false;
                waiter.restart();
                subject.arm(waiter);
                outcome = subject.attempt();
                if (outcome != null) {
                    return outcome;
                }
                long left = timeoutNanos == Long.MAX_VALUE ? timeoutNanos : timeoutNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return null;
                }
                waiter.park(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            waiter.disarm();
        }
    }

    /**
     * Joins {@code list} until woken or disarmed; does nothing if it has been there since the last round.
     *
     * @param list what to wait for
     */
    public final void arm(WaitList list) {
        if (armed == nodes.length) {
            nodes = Arrays.copyOf(nodes, Math.max(1, armed * 2));
        }
        WaitList.Node node = nodes[armed];
        if (node == null || node.isDone()) {
            nodes[armed] = list.add(this);
        }
        armed++;
    }

    final void armAt(Cursor<?> cursor) {
        restart();
        cursor.arm(this);
    }

    final void restart() {
        armed = 0;
    }

    final void disarm() {
        for (WaitList.Node node : nodes) {
            if (node != null) {
                node.remove();
            }
        }
        nodes = NOWHERE;
    }

    /** Makes the call look again. Called by whoever changed something, at any time; never blocks, throws nothing. */
    abstract void wake();

    private static final class BlockedThread extends Waiter {
        private final Thread thread = Thread.currentThread();

        /** Set by whoever wakes, cleared before each look. */
        private volatile boolean woken;

        @Override
        void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }

        void park(long nanos) {
            if (woken) {
                return; // what the attempt ran may have parked, and so used up the permit
            }
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }
}
