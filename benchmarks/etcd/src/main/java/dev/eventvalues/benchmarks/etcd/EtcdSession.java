package dev.eventvalues.benchmarks.etcd;

import java.util.List;
import java.util.function.IntSupplier;

/** One connection of a client, used as its documentation proposes. What a client lacks it need not offer. */
public interface EtcdSession extends AutoCloseable {
    /** Writes, and waits until that is acknowledged. */
    void put(String key, byte[] value) throws Exception;

    /** Begins to follow keys, all at once as far as the client can. */
    List<KeyReader> keys(List<String> keys) throws Exception;

    /** Begins to follow all keys with a prefix. */
    default RangeReader range(String prefix) throws Exception {
        throw new UnsupportedOperationException(this + " follows no ranges");
    }

    /** Reads all keys with a prefix and holds them. {@return how many there are; it keeps them from being collected} */
    default IntSupplier snapshot(String prefix) throws Exception {
        throw new UnsupportedOperationException(this + " holds no ranges");
    }

    @Override
    void close();
}
