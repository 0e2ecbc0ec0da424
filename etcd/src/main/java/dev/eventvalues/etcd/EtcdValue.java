package dev.eventvalues.etcd;

import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * One key in etcd. Its states are optional: empty says that the key is known to be absent, never "not connected yet".
 * A key that is present with no bytes is present.
 *
 * <p><b>What is delivered.</b> A state that differs from the last delivered one. Writes that change nothing, and changes
 * that were undone before a consumer looked, are not told; a removal is, also when it happened while etcd could not be
 * reached. {@link #entries()} tells every write it sees.
 *
 * <p><b>Errors.</b> While etcd cannot be reached, calls wait (within their timeouts) and the last state stands. A refusal
 * that will not pass by itself is thrown from {@code next} once, as an {@link EtcdException}; the watcher goes on trying.
 * A state that is unseen goes first, unless a condition rejects it: it can be delivered afterwards. A value that cannot
 * be decoded is thrown once, as a {@link DecodeException}.
 *
 * <p><b>Cost.</b> All watchers of a key share one watch at the server. It starts with the first use of this value and
 * stops some time after the last.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the values
 */
public interface EtcdValue<T> extends ValueReader<Optional<T>> {
    /**
     * Shows the value only while the key is present.
     *
     * @return a view whose watchers are not told of removals
     */
    default ValueReader<T> present() {
        return filter(Optional::isPresent).map(Optional::get);
    }

    /**
     * Shows a fallback while the key is absent.
     *
     * @param fallback not null
     * @return a view
     */
    ValueReader<T> orElse(T fallback);

    /**
     * Shows the value with etcd's accounts. Every write counts, also one that changes nothing; writes between two looks
     * are conflated.
     *
     * @return a view; empty while the key is absent
     */
    ValueReader<Optional<Entry<T>>> entries();

    /**
     * Waits until the value is known as it was at a revision, or later: to read what was written before, here or
     * elsewhere. If it is not told by itself soon (0.1 s), as nothing is told about a key that did not change, etcd is
     * asked. Runs the decoder on the calling thread.
     *
     * @param revision the revision of any write to the cluster, not only to this key; 0 waits for the first answer
     * @param timeout how long to wait; at or below zero is one try, without IO
     * @return the value then; empty if the key is absent then
     * @throws InterruptedException if the thread is or becomes interrupted
     * @throws TimeoutException if it is not known in time, with the revisions; also if there is no such revision yet
     * @throws DecodeException if the value cannot be decoded
     * @throws EtcdException if etcd refuses and that will not pass by itself
     * @throws IllegalArgumentException if the revision is negative
     * @throws IllegalStateException if the {@link EtcdValues} is closed or is being closed
     */
    Optional<T> awaitRevision(long revision, Duration timeout) throws InterruptedException, TimeoutException;

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
}
