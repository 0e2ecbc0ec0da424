package dev.eventvalues.etcd;

/**
 * Reads a value from bytes, and writes it. Pure and thread-safe; {@code encode} runs on the thread that writes.
 *
 * @param <T> the values
 */
public interface Codec<T> extends Decoder<T> {
    /**
     * Writes a value.
     *
     * @param value not null
     * @return its bytes, not written to afterwards
     */
    byte[] encode(T value);

    /**
     * Strings as UTF-8. Bytes that are not UTF-8 fail to decode; a string with half a surrogate pair throws
     * {@link IllegalArgumentException} when written.
     *
     * @return the codec
     */
    static Codec<String> utf8() {
        return Codecs.UTF8;
    }

    /**
     * Bytes as they are. Arrays that are returned are the caller's own; arrays that are written are copied.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return Codecs.BYTES;
    }
}
