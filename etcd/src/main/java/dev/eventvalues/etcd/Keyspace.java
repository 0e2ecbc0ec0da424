package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.Feeds;
import java.util.Arrays;
import java.util.Objects;

/**
 * The keys behind a prefix of one connection's store: where names without the namespace meet names with it.
 *
 * @param feeds the connection
 * @param prefix empty for the whole store
 */
record Keyspace(Feeds feeds, Key prefix) implements EtcdKeys {

    @Override
    public EtcdKeys namespace(Key more) {
        return new Keyspace(feeds, full(requireNotEmpty(more, "namespace")));
    }

    @Override
    public <T> EtcdValue<T> value(Key key, Decoder<T> decoder) {
        return new SingleKey<>(this, requireNotEmpty(key, "key"), Span.of(full(key)), decoder);
    }

    @Override
    public <T> WritableEtcdValue<T> value(Key key, Codec<T> codec) {
        return new WritableKey<>(this, requireNotEmpty(key, "key"), Span.of(full(key)), codec);
    }

    @Override
    public <T> EtcdRange<T> prefix(Key start, Decoder<T> decoder) {
        return new KeyRange<>(this, Span.prefix(full(start)), decoder);
    }

    @Override
    public <T> WritableEtcdRange<T> prefix(Key start, Codec<T> codec) {
        return new KeyRange.Writable<>(this, Span.prefix(full(start)), codec);
    }

    @Override
    public <T> EtcdRange<T> range(Key from, Key toExclusive, Decoder<T> decoder) {
        return new KeyRange<>(this, span(from, toExclusive), decoder);
    }

    @Override
    public <T> WritableEtcdRange<T> range(Key from, Key toExclusive, Codec<T> codec) {
        return new KeyRange.Writable<>(this, span(from, toExclusive), codec);
    }

    private Span span(Key from, Key toExclusive) {
        requireNotEmpty(from, "first key");
        requireNotEmpty(toExclusive, "end");
        if (toExclusive.compareTo(from) <= 0) {
            throw new IllegalArgumentException("the end \"" + toExclusive
                    + "\" of a range must be above its first key \"" + from + "\" in unsigned byte order");
        }
        return new Span(full(from), full(toExclusive));
    }

    static Key requireNotEmpty(Key key, String what) {
        if (key.length() == 0) {
            throw new IllegalArgumentException("the " + what + " is empty (\"\"); etcd has no empty key");
        }
        return key;
    }

    /** The name of a key in the store. */
    Key full(Key key) {
        if (prefix.length() == 0) {
            return Objects.requireNonNull(key);
        }
        byte[] start = prefix.bytes();
        byte[] end = key.bytes();
        byte[] bytes = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, bytes, start.length, end.length);
        return Key.of(bytes);
    }

    /** The name of a key here. */
    Key own(Key full) {
        if (prefix.length() == 0) {
            return full;
        }
        byte[] bytes = full.bytes();
        return Key.of(Arrays.copyOfRange(bytes, prefix.length(), bytes.length));
    }

    /**
     * Runs a decoder on its own copy of the bytes.
     *
     * @throws DecodeException if it throws
     * @throws NullPointerException if it returns null
     */
    static <T> T decode(Decoder<T> decoder, Key key, Item item) {
        T value;
        try {
            value = decoder.decode(key, item.value().clone());
        } catch (OutOfMemoryError e) {
            throw e; // says nothing about the value
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new DecodeException(key, item.modRevision(), item.value().length, e);
        }
        return Objects.requireNonNull(value, () -> "the decoder returned null for key \"" + key + "\"");
    }

    /** What a consumer gets of a value that others get too: if it is bytes, a copy to write into. */
    @SuppressWarnings("unchecked")
    static <T> T ownCopy(T value) {
        return value instanceof byte[] bytes ? (T) bytes.clone() : value;
    }

    @Override
    public String toString() {
        return "EtcdKeys[" + prefix + "]";
    }
}
