package dev.eventvalues.etcd;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The name of one etcd entry: an immutable sequence of bytes, usually UTF-8 text.
 *
 * <p><b>Order.</b> Keys compare byte by byte, each byte as a number from 0 to 255, and a key comes before its own
 * extensions. That is etcd's order. It is <i>not</i> always {@link String}'s, which compares UTF-16 units.
 *
 * <p><b>Empty keys.</b> An empty key can be made, as an end of a range or as what is left when a namespace is taken off.
 * etcd stores nothing under it, so whatever takes a key to read or write refuses it.
 *
 * <p>Keys may be shared between threads.
 */
public final class Key implements Comparable<Key> {
    // The only field, and no cached hash: a range of 100,000 entries holds 100,000 of these, at 16 bytes each.
    private final byte[] bytes;

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the key spelled by a text in UTF-8.
     *
     * @param utf8 the text
     * @return its key
     * @throws IllegalArgumentException if the text holds half of a surrogate pair, which UTF-8 cannot spell
     */
    public static Key of(String utf8) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(utf8));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return new Key(bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "This key holds half of a surrogate pair, which UTF-8 cannot spell; a binary key is made with"
                            + " Key.of(byte[])",
                    e);
        }
    }

    /**
     * Returns the key made of these bytes.
     *
     * @param bytes the bytes; copied
     * @return their key
     */
    public static Key of(byte[] bytes) {
        return new Key(bytes.clone());
    }

    /**
     * Returns the bytes of this key.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns how many bytes this key has.
     *
     * @return the number of bytes
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Tells whether this key begins with another. Every key begins with itself and with the empty key.
     *
     * @param prefix the other
     * @return whether it does
     */
    public boolean startsWith(Key prefix) {
        int length = prefix.bytes.length;
        return length <= bytes.length && Arrays.equals(bytes, 0, length, prefix.bytes, 0, length);
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * Returns this key as text on one line: UTF-8 as it is, a backslash as {@code \\}, and each byte of a control character
     * or of something that is not UTF-8 as {@code \xNN}. Two different keys never look the same.
     *
     * @return the text
     */
    @Override
    public String toString() {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer decoded = CharBuffer.allocate(bytes.length); // UTF-8 has never more characters than bytes
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult stop = utf8.decode(rest, decoded, true);
            decoded.flip().chars().forEach(c -> append(text, (char) c));
            decoded.clear();
            if (stop.isUnderflow()) {
                return text.toString();
            }
            for (int i = 0; i < stop.length(); i++) {
                append(text, rest.get());
            }
        }
    }

    private static void append(StringBuilder text, char c) {
        if (c == '\\') {
            text.append("\\\\");
        } else if (Character.isISOControl(c)) {
            for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                append(text, b);
            }
        } else {
            text.append(c);
        }
    }

    private static void append(StringBuilder text, byte b) {
        text.append("\\x").append(HexFormat.of().toHexDigits(b));
    }
}
