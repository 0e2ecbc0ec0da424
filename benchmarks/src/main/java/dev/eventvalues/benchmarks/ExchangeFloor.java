package dev.eventvalues.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The least that tells states apart: allocate a holder and exchange it. Nobody can wait. */
final class ExchangeFloor implements Peer<ExchangeFloor.Position> {
    private final AtomicReference<Holder> newest = new AtomicReference<>();

    @Override
    public void set(Object state) {
        newest.getAndSet(new Holder(state));
    }

    @Override
    public Position open() {
        return new Position();
    }

    @Override
    public Object next(Position reader) {
        Holder holder = newest.get();
        if (holder == reader.seen) {
            throw new IllegalStateException("nothing new, and this floor cannot wait");
        }
        reader.seen = holder;
        return holder.state;
    }

    @Override
    public void close(Position reader) {
        reader.seen = null;
    }

    private static final class Holder {
        private final Object state;

        Holder(Object state) {
            this.state = state;
        }
    }

    /** The holder a reader saw last. */
    static final class Position {
        private @Nullable Holder seen;
    }
}
