package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of keys, in unsigned byte order.
 *
 * @param from the first key that may be in it; the empty key stands for the beginning of the key space
 * @param to the first key after it; null if it has no end. {@code from} itself if that is the only key in it: there are
 *     many such spans, and each would keep another key for its end
 */
public record Span(Key from, @Nullable Key to) {
    /**
     * Creates a span.
     *
     * @param from the first key that may be in it
     * @param to the first key after it, or null
     */
    public Span {
        if (to != null && to.equals(next(from))) {
            to = from;
        }
    }

    /**
     * The span of one key.
     *
     * @param key not empty
     * @return the span
     */
    public static Span of(Key key) {
        return new Span(key, key);
    }

    /**
     * The span of all keys that begin with a prefix.
     *
     * @param prefix the empty one is that of every key
     * @return the span
     */
    public static Span prefix(Key prefix) {
        return new Span(prefix, afterPrefix(prefix));
    }

    /**
     * Whether it holds exactly one key, however that was asked for.
     *
     * @return true if no other key fits
     */
    public boolean isOneKey() {
        return from.equals(to);
    }

    /**
     * Whether a key is in it.
     *
     * @param key any key
     * @return true from {@code from}, inclusive, up to {@code to}, exclusive
     */
    public boolean contains(Key key) {
        int order = from.compareTo(key);
        return order == 0 || (order < 0 && (to == null || key.compareTo(to) < 0));
    }

    /** The same key; of the span of one key its own object, so that it is kept once. */
    Key own(Key key) {
        return key.equals(from) ? from : key;
    }

    /** The least key above {@code key}: nothing fits between a key and itself with a zero byte behind. */
    static Key next(Key key) {
        byte[] bytes = key.bytes();
        return Key.of(Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** The least key above all keys with the prefix: its last byte that can grow, grown. Null if all are 0xff. */
    private static @Nullable Key afterPrefix(Key prefix) {
        byte[] bytes = prefix.bytes();
        for (int last = bytes.length - 1; last >= 0; last--) {
            if (bytes[last] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(bytes, last + 1);
                end[last]++;
                return Key.of(end);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return isOneKey() ? "key " + from : "keys from " + from + (to == null ? " on" : " to " + to);
    }
}
