package dev.eventvalues.benchmarks;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;

/** What the others are measured against. */
final class EventValuesPeer implements Peer<Watcher<Object>> {
    private final MemoryValue<Object> value = new MemoryValue<>();

    @Override
    public void set(Object state) {
        value.set(state);
    }

    @Override
    public Watcher<Object> open() {
        return value.watch();
    }

    @Override
    public Object next(Watcher<Object> reader) throws InterruptedException {
        return reader.next();
    }

    @Override
    public void close(Watcher<Object> reader) {
        reader.close();
    }
}
