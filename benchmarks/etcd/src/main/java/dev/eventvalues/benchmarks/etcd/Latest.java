package dev.eventvalues.benchmarks.etcd;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where clients that push leave the newest value for the thread that waits for it: a volatile field and a parked thread,
 * the least that has a waiting call.
 */
public final class Latest implements KeyReader {
    private static final AtomicReferenceFieldUpdater<Latest, byte @Nullable []> VALUE =
            AtomicReferenceFieldUpdater.newUpdater(Latest.class, byte[].class, "value");

    // both written by the client's thread; the value is taken away by the reader
    private volatile boolean ready;
    private volatile byte @Nullable [] value;

    /** Written by the reader. */
    private volatile @Nullable Thread waiting;

    /** Ends {@link #awaitFirst}. */
    public void ready() {
        ready = true;
        wake();
    }

    /** Says that the server is not followed any more. */
    public void lost() {
        ready = false;
    }

    /** Leaves a value in place of what is there. */
    public void set(byte[] newest) {
        value = newest;
        wake();
    }

    private void wake() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void awaitFirst() throws InterruptedException {
        await(() -> ready);
    }

    @Override
    public byte[] next() throws InterruptedException {
        while (true) {
            await(() -> value != null);
            // One step: what is left between reading and clearing must not be lost.
            byte[] newest = VALUE.getAndSet(this, null);
            if (newest != null) {
                return newest;
            }
        }
    }

    @Override
    public boolean isFresh() {
        return ready;
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return;
        }
        waiting = Thread.currentThread();
        try {
            while (!condition.getAsBoolean()) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            waiting = null;
        }
    }
}
