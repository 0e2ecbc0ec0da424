package dev.eventvalues.benchmarks.etcd;

/** Follows one key, for one thread at a time. */
public interface KeyReader {
    /** Waits until it follows, and has the first state unless the client is the floor: that reads nothing. */
    void awaitFirst() throws Exception;

    /** {@return the newest value since the first state or the last call, when there is one} */
    byte[] next() throws InterruptedException;

    /** {@return whether, to its knowledge, nothing stands between it and the server} */
    default boolean isFresh() {
        throw new UnsupportedOperationException(this + " does not know whether it is fresh");
    }
}
