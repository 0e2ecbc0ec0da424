package dev.eventvalues.etcd;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A whole range at one revision: it shows all of a transaction or nothing of it. Immutable, to be shared freely. Keys are
 * in unsigned byte order, without the namespace.
 *
 * @param <T> the values
 */
public interface Snapshot<T> {
    /**
     * The values of all keys that can be decoded.
     *
     * @return an unmodifiable map; looking up anything but a {@link Key} throws {@link ClassCastException}
     */
    SortedMap<Key, T> values();

    /**
     * The value of a key.
     *
     * @param key without the namespace
     * @return empty if the key is absent or cannot be decoded
     */
    Optional<T> get(Key key);

    /**
     * The value of a key.
     *
     * @param key without the namespace
     * @return empty if the key is absent or cannot be decoded
     */
    default Optional<T> get(String key) {
        return get(Key.of(key));
    }

    /**
     * The value of a key with etcd's accounts.
     *
     * @param key without the namespace
     * @return empty if the key is absent or cannot be decoded
     */
    Optional<Entry<T>> entry(Key key);

    /**
     * The value of a key with etcd's accounts.
     *
     * @param key without the namespace
     * @return empty if the key is absent or cannot be decoded
     */
    default Optional<Entry<T>> entry(String key) {
        return entry(Key.of(key));
    }

    /**
     * The keys that are present but cannot be decoded.
     *
     * @return an unmodifiable map; usually empty
     */
    Map<Key, DecodeException> undecodable();

    /**
     * The revision of etcd's store that this is.
     *
     * @return comparable within the same {@link #epoch()}
     */
    long revision();

    /**
     * Counts the stores that have answered: grows when a backup was restored or another cluster took over.
     *
     * @return from 1
     */
    long epoch();
}
