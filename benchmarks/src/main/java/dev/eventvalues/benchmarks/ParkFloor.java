package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The least that wakes: unpark everyone who ever waited, one after the other. One producer. */
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class ParkFloor implements Peer<ParkFloor.Position> {
    private final List<Position> opened = new ArrayList<>();
    private volatile Position @Nullable [] positions = {};
    private volatile Object newest = "nothing";

    @Override
    public void set(Object state) {
        newest = state;
        for (Position position : settled()) {
            LockSupport.unpark(position.thread);
        }
    }

    @Override
    public synchronized Position open() {
        Position position = new Position();
        opened.add(position);
        positions = null;
        return position;
    }

    /** The array is made once, as readers are all opened before the first state. */
    private Position[] settled() {
        Position[] settled = positions;
        if (settled == null) {
            synchronized (this) {
                settled = opened.toArray(new Position[0]);
                positions = settled;
            }
        }
        return settled;
    }

    @Override
    public Object next(Position reader) throws InterruptedException {
        if (reader.thread != Thread.currentThread()) { // the readers are opened by another thread
            reader.thread = Thread.currentThread();
        }
        Object state = newest;
        while (state == reader.seen) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            state = newest;
        }
        reader.seen = state;
        return state;
    }

    @Override
    public void close(Position reader) {}

    /** The state a reader saw last, and its thread. */
    static final class Position {
        private volatile @Nullable Thread thread;
        private @Nullable Object seen;
    }
}
