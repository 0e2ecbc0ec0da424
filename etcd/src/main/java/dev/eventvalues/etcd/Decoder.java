package dev.eventvalues.etcd;

/**
 * Reads a value from bytes. Pure and thread-safe: it may be called twice for the same bytes, on the threads that consume
 * (never on the library's own), and is never called for an absent key.
 *
 * @param <T> the values
 */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Reads a value.
     *
     * @param key the key, without the namespace
     * @param value its bytes, perhaps none; the decoder's own copy
     * @return the value, not null
     * @throws Exception if the bytes cannot be read; consumers get it as the cause of a {@link DecodeException}
     */
    T decode(Key key, byte[] value) throws Exception;
}
