package dev.eventvalues.internal;

import dev.eventvalues.internal.WaitStack.Node;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits until something it looks at has changed: a blocked thread ({@link #await}) or a task that takes
 * {@link Turns}. It stands in the {@link WaitList} of everything it looks at.
 */
public abstract class Waiter {
    private static final Node[] NONE = {};

    /* Where it stands, in the order of arming, which is the same in each round. Written by the call that waits. */
    private @Nullable Node first;
    private @Nullable Node[] others = NONE;

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
        long start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
        BlockedThread waiter = new BlockedThread();
        try {
            while (true) {
                waiter.clear();
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
                outcome = subject.attempt(); // mostly what was waited for: then there is nothing to join any more
                if (outcome != null) {
                    return outcome;
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
        if (armed == 0) {
            first = join(list, first);
        } else {
            int other = armed - 1;
            if (other == others.length) {
                others = Arrays.copyOf(others, armed * 2);
            }
            others[other] = join(list, others[other]);
        }
        armed++;
    }

    private Node join(WaitList list, @Nullable Node before) {
        return before == null || before.isDone() ? list.add(this) : before;
    }

    final void armAt(Cursor<?> cursor) {
        restart();
        cursor.arm(this);
    }

    final void restart() {
        armed = 0;
    }

    final void disarm() {
        leave(first);
        for (Node other : others) {
            leave(other);
        }
        first = null;
        others = NONE;
    }

    private static void leave(@Nullable Node node) {
        if (node != null) {
            node.remove();
        }
    }

    /** Makes the call look again. Called by whoever changed something, at any time; never blocks, throws nothing. */
    abstract void wake();

    /**
     * Wakes it, if it is certain that it then does nothing else before it wakes others.
     *
     * @param rest those to wake
     * @return false if nothing has been done
     */
    boolean wakeWith(Node rest) {
        return false;
    }

    /** Whether {@link #wakeWith} ever succeeds. */
    boolean mayRelay() {
        return false;
    }
}
