package dev.eventvalues.etcd;

/**
 * Where keys live: the whole store, or a namespace in it. Its values and ranges are stateless handles, to be made and
 * dropped freely; making one does no IO.
 *
 * <p>Keys are strings, taken as UTF-8, or any bytes as a {@link Key}. Given a {@link Codec} the result can be written;
 * given a {@link Decoder} it is read only. A key that is empty throws {@link IllegalArgumentException}.
 *
 * <p>Not for implementation outside this library; methods may be added.
 */
public interface EtcdKeys {
    /**
     * The keys that begin with a prefix, named without it. Namespaces nest. A view: it has no connection of its own and
     * nothing to close.
     *
     * @param prefix put before every key, as it is: end it with a separator such as {@code /} if you want one
     * @return the view
     * @throws IllegalArgumentException if the prefix is empty
     */
    EtcdKeys namespace(Key prefix);

    /**
     * One key that is only read.
     *
     * @param <T> the values
     * @param key the key
     * @param decoder reads the value
     * @return the value
     * @throws IllegalArgumentException if the key is empty
     */
    <T> EtcdValue<T> value(Key key, Decoder<T> decoder);

    /**
     * One key.
     *
     * @param <T> the values
     * @param key the key
     * @param codec reads and writes the value
     * @return the value
     * @throws IllegalArgumentException if the key is empty
     */
    <T> WritableEtcdValue<T> value(Key key, Codec<T> codec);

    /**
     * All keys that begin with a prefix, only read.
     *
     * @param <T> the values
     * @param prefix the prefix; the empty one is that of every key here
     * @param decoder reads the values
     * @return the range
     */
    <T> EtcdRange<T> prefix(Key prefix, Decoder<T> decoder);

    /**
     * All keys that begin with a prefix.
     *
     * @param <T> the values
     * @param prefix the prefix; the empty one is that of every key here
     * @param codec reads and writes the values
     * @return the range
     */
    <T> WritableEtcdRange<T> prefix(Key prefix, Codec<T> codec);

    /**
     * All keys between two, in unsigned byte order, only read.
     *
     * @param <T> the values
     * @param from the first key that may be in it
     * @param toExclusive the first key after it
     * @param decoder reads the values
     * @return the range
     * @throws IllegalArgumentException if a key is empty or {@code toExclusive} is not above {@code from}
     */
    <T> EtcdRange<T> range(Key from, Key toExclusive, Decoder<T> decoder);

    /**
     * All keys between two, in unsigned byte order.
     *
     * @param <T> the values
     * @param from the first key that may be in it
     * @param toExclusive the first key after it
     * @param codec reads and writes the values
     * @return the range
     * @throws IllegalArgumentException if a key is empty or {@code toExclusive} is not above {@code from}
     */
    <T> WritableEtcdRange<T> range(Key from, Key toExclusive, Codec<T> codec);

    // the same with strings

    /**
     * The keys that begin with a prefix, named without it. Namespaces nest. A view: it has no connection of its own and
     * nothing to close.
     *
     * @param prefix put before every key, as it is: end it with a separator such as {@code /} if you want one
     * @return the view
     * @throws IllegalArgumentException if the prefix is empty
     */
    default EtcdKeys namespace(String prefix) {
        return namespace(Key.of(prefix));
    }

    /**
     * One key that is only read.
     *
     * @param <T> the values
     * @param key the key
     * @param decoder reads the value
     * @return the value
     * @throws IllegalArgumentException if the key is empty
     */
    default <T> EtcdValue<T> value(String key, Decoder<T> decoder) {
        return value(Key.of(key), decoder);
    }

    /**
     * One key.
     *
     * @param <T> the values
     * @param key the key
     * @param codec reads and writes the value
     * @return the value
     * @throws IllegalArgumentException if the key is empty
     */
    default <T> WritableEtcdValue<T> value(String key, Codec<T> codec) {
        return value(Key.of(key), codec);
    }

    /**
     * All keys that begin with a prefix, only read.
     *
     * @param <T> the values
     * @param prefix the prefix; the empty one is that of every key here
     * @param decoder reads the values
     * @return the range
     */
    default <T> EtcdRange<T> prefix(String prefix, Decoder<T> decoder) {
        return prefix(Key.of(prefix), decoder);
    }

    /**
     * All keys that begin with a prefix.
     *
     * @param <T> the values
     * @param prefix the prefix; the empty one is that of every key here
     * @param codec reads and writes the values
     * @return the range
     */
    default <T> WritableEtcdRange<T> prefix(String prefix, Codec<T> codec) {
        return prefix(Key.of(prefix), codec);
    }

    /**
     * All keys between two, in unsigned byte order, only read.
     *
     * @param <T> the values
     * @param from the first key that may be in it
     * @param toExclusive the first key after it
     * @param decoder reads the values
     * @return the range
     * @throws IllegalArgumentException if a key is empty or {@code toExclusive} is not above {@code from}
     */
    default <T> EtcdRange<T> range(String from, String toExclusive, Decoder<T> decoder) {
        return range(Key.of(from), Key.of(toExclusive), decoder);
    }

    /**
     * All keys between two, in unsigned byte order.
     *
     * @param <T> the values
     * @param from the first key that may be in it
     * @param toExclusive the first key after it
     * @param codec reads and writes the values
     * @return the range
     * @throws IllegalArgumentException if a key is empty or {@code toExclusive} is not above {@code from}
     */
    default <T> WritableEtcdRange<T> range(String from, String toExclusive, Codec<T> codec) {
        return range(Key.of(from), Key.of(toExclusive), codec);
    }
}
