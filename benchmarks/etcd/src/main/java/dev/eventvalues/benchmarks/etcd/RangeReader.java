package dev.eventvalues.benchmarks.etcd;

/** Follows all keys with a prefix, for one thread at a time. */
public interface RangeReader {
    /** Waits until it follows, and has the first state if the client keeps states of ranges. */
    void awaitFirst() throws Exception;

    /** {@return how many keys have changed since the first state or the last call, when there are any} */
    int next() throws InterruptedException;
}
