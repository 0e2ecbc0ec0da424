package dev.eventvalues.benchmarks;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The cell most would write by hand: a lock, a condition and a version. The peer to beat. */
final class LockCell implements Peer<LockCell.Position> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Object newest = "nothing";
    private long version;

    @Override
    public void set(Object state) {
        lock.lock();
        try {
            newest = state;
            version++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Position open() {
        return new Position();
    }

    @Override
    public Object next(Position reader) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (reader.seen == version) {
                changed.await();
            }
            reader.seen = version;
            return newest;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close(Position reader) {
        reader.seen = Long.MAX_VALUE;
    }

    /** The version a reader saw last. */
    static final class Position {
        private long seen;
    }
}
