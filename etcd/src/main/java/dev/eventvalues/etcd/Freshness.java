package dev.eventvalues.etcd;

import java.time.Instant;

/**
 * Whether what a reader shows is proved to be the newest there is.
 *
 * <p>The proof is a small linearizable read on the very connection over which the changes come: its member belonged to the
 * quorum when it was sent. That a connection is open, or that a member says it is well, proves nothing.
 *
 * <p>{@code current()} looks at the clock: a process that was paused does not find itself fresh when it wakes up.
 * Watchers are told when the <em>kind</em> changes, not each time a proof is renewed.
 */
public sealed interface Freshness {
    /** Nobody followed the key or range when this was asked; asking has started it. */
    record Idle() implements Freshness {}

    /**
     * Nothing has been read yet, or it is about to be proved for the first time.
     *
     * @param since when it was begun
     */
    record Connecting(Instant since) implements Freshness {}

    /**
     * What is shown is the newest there was at {@code confirmedAt}, at most the {@linkplain
     * EtcdValues.Builder#staleAfter configured time} ago.
     *
     * @param revision the revision up to which nothing is missing for certain; later ones have not changed it
     * @param confirmedAt when the last proof was sent for, by the wall clock of this process
     */
    record Fresh(long revision, Instant confirmedAt) implements Freshness {}

    /**
     * What is shown may be out of date; or nothing could be read, and waiting alone will not help.
     *
     * @param since when it was last proved to be the newest, by the wall clock of this process; if it never was, when
     *     reading began
     * @param cause why
     * @param lastRevision the revision up to which nothing is missing; 0 if nothing has been read
     */
    record Stale(Instant since, EtcdException cause, long lastRevision) implements Freshness {}
}
