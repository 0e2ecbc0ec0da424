package dev.eventvalues.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where a peer that pushes leaves the latest state for one reader, and where that reader's thread waits. */
class Slot {
    private static final VarHandle LATEST;

    static {
        try {
            LATEST = MethodHandles.lookup().findVarHandle(Slot.class, "latest", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Object latest;
    private volatile @Nullable Thread waiting;

    final void leave(Object state) {
        latest = state;
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    final Object take() throws InterruptedException {
        if (latest == null) {
            await();
        }
        // One step: what is left between reading and clearing must not be lost.
        return LATEST.getAndSet(this, null);
    }

    private void await() throws InterruptedException {
        waiting = Thread.currentThread();
        try {
            while (latest == null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.park(this);
            }
        } finally {
            waiting = null;
        }
    }
}
