package dev.eventvalues.benchmarks;

/** The least that publishes: one volatile store. Nobody can tell states apart, or wait. */
final class VolatileFloor implements Peer<Object> {
    private volatile Object newest = "nothing";

    @Override
    public void set(Object state) {
        newest = state;
    }

    @Override
    public Object open() {
        return new Object();
    }

    @Override
    public Object next(Object reader) {
        return newest;
    }

    @Override
    public void close(Object reader) {}
}
