package dev.eventvalues.internal;

import dev.eventvalues.internal.WaitStack.Node;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The calling thread as a waiter: {@link #park} returns at the latest when it is woken. */
final class BlockedThread extends Waiter {
    /*
     * The signal is null while the thread looks, PARKED while it does nothing else, and then, once it is woken, WOKEN or
     * what it is to go on waking. The thread takes the signal back before it looks again. So a wake is never lost to what
     * the look ran, which may park and use up a permit; and others are entrusted to a thread only while it is parked here.
     */
    private enum Signal {
        PARKED,
        WOKEN
    }

    private static final VarHandle SIGNAL;

    /** From here on a thread that waits in {@code synchronized} does not hold its carrier. */
    private static final int SYNCHRONIZED_DOES_NOT_PIN = 24;

    /** Null on a Java where threads do not wake one another. */
    private static final @Nullable MethodHandle IS_VIRTUAL;

    static {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            SIGNAL = lookup.findVarHandle(BlockedThread.class, "signal", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        IS_VIRTUAL = Runtime.version().feature() < SYNCHRONIZED_DOES_NOT_PIN ? null : isVirtual(lookup);
    }

    private static @Nullable MethodHandle isVirtual(MethodHandles.Lookup lookup) {
        try {
            return lookup.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private final Thread thread = Thread.currentThread();

    /** Whoever wakes the thread sets it, by compare-and-set from null or PARKED; the thread itself clears it. */
    private volatile @Nullable Object signal;

    @Override
    boolean mayRelay() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError(e); // it throws nothing
        }
    }

    @Override
    void wake() {
        for (Object now = signal; now == null || now == Signal.PARKED; now = signal) {
            if (SIGNAL.compareAndSet(this, now, Signal.WOKEN)) {
                if (now == Signal.PARKED) {
                    LockSupport.unpark(thread);
                }
                return;
            }
        }
    }

    @Override
    boolean wakeWith(Node rest) {
        boolean taken = SIGNAL.compareAndSet(this, Signal.PARKED, rest);
        if (taken) {
            LockSupport.unpark(thread);
        }
        return taken;
    }

    /** Forgets that it was woken. What wakes it from now on ends the next {@link #park}. */
    void clear() {
        if (signal != null) {
            signal = null;
        }
    }

    /**
     * Waits until woken, interrupted, or the time is up; or for no reason at all.
     *
     * @param nanos how long; {@link Long#MAX_VALUE} is for ever
     */
    void park(long nanos) {
        if (SIGNAL.compareAndSet(this, null, Signal.PARKED)) {
            try {
                if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, nanos);
                }
            } finally {
                unparked();
            }
        }
    }

    private void unparked() {
        Object now = signal;
        if (now == Signal.PARKED) {
            now = SIGNAL.getAndSet(this, null);
        }
        if (now instanceof Node rest) {
            signal = Signal.WOKEN; // nobody else replaces a node; and it would keep the rest alive
            WaitList.relay(rest);
        }
    }
}
