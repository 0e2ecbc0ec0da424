package dev.eventvalues.etcd;

import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;

/**
 * Many keys in etcd, as one value: each state is the whole range at one revision.
 *
 * <p><b>What is delivered.</b> A snapshot that differs from the last delivered one; the first is complete. A snapshot
 * costs what has changed since the last, not the size of the range. Keys removed while etcd could not be reached are
 * missing from the next snapshot, and told as removed by {@link #changes()}.
 *
 * <p><b>Errors.</b> A key that cannot be decoded is listed in {@link Snapshot#undecodable()} and does not disturb the
 * others. For the rest see {@link EtcdValue}.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the values
 */
public interface EtcdRange<T> extends ValueReader<Snapshot<T>> {
    /**
     * Shows what has changed since each watcher's last returned delivery; the first delivery adds every key.
     *
     * @return a view
     */
    ValueReader<Changes<T>> changes();

    /**
     * Tells whether what this shows is proved to be the newest there is.
     *
     * @return always set; never blocks for IO
     */
    ValueReader<Freshness> freshness();

    /**
     * Holds the feed open without watching, so that {@code current()} stays answered.
     *
     * @return lets it go; may be closed from any thread, more than once
     * @throws IllegalStateException if the {@link EtcdValues} is closed
     */
    Registration keepWarm();

    /**
     * One key of this range, read from the range's own watch at the server.
     *
     * @param key without the namespace
     * @return the value
     * @throws IllegalArgumentException if the key is empty or not in this range
     */
    EtcdValue<T> at(Key key);

    /**
     * One key of this range, read from the range's own watch at the server.
     *
     * @param key without the namespace
     * @return the value
     * @throws IllegalArgumentException if the key is empty or not in this range
     */
    default EtcdValue<T> at(String key) {
        return at(Key.of(key));
    }
}
