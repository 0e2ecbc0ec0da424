package dev.eventvalues.etcd;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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
        return new Codec<>() {
            @Override
            public String decode(Key key, byte[] value) throws CharacterCodingException {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            }

            @Override
            public byte[] encode(String value) {
                try {
                    ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
                    byte[] exact = new byte[bytes.remaining()];
                    bytes.get(exact);
                    return exact;
                } catch (CharacterCodingException e) {
                    throw new IllegalArgumentException(
                            "a string of " + value.length() + " characters is not valid Unicode", e);
                }
            }
        };
    }

    /**
     * Bytes as they are. Arrays that are returned are the caller's own; arrays that are written are copied.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return new Codec<>() {
            @Override
            public byte[] decode(Key key, byte[] value) {
                return value;
            }

            @Override
            public byte[] encode(byte[] value) {
                return value.clone();
            }
        };
    }
}
