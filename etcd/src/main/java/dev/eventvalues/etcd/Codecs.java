package dev.eventvalues.etcd;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The codecs of {@link Codec}, one of each: a process may follow very many values. */
final class Codecs {
    static final Codec<String> UTF8 = new Codec<>() {
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

    static final Codec<byte[]> BYTES = new Codec<>() {
        @Override
        public byte[] decode(Key key, byte[] value) {
            return value;
        }

        @Override
        public byte[] encode(byte[] value) {
            return value.clone();
        }
    };

    private Codecs() {}
}
