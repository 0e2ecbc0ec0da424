package dev.eventvalues.benchmarks.etcd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts what clients that push tell of a range, for the thread that waits for it. */
public final class Arrivals implements RangeReader {
    private final AtomicInteger count = new AtomicInteger();

    /** Written by the reader. */
    private volatile @Nullable Thread waiting;

    /** Counts more. */
    public void add(int more) {
        count.addAndGet(more);
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Whoever makes one has waited already. */
    @Override
    public void awaitFirst() {}

    @Override
    public int next() throws InterruptedException {
        waiting = Thread.currentThread();
        try {
            while (count.get() == 0) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            waiting = null;
        }
        return count.getAndSet(0);
    }
}
