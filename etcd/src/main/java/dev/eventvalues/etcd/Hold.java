package dev.eventvalues.etcd;

import dev.eventvalues.ValueReader;
import java.time.Instant;

/**
 * The holding of a key by this process: from {@link WritableEtcdValue#hold} until {@link #close}, the end of the process or
 * the loss of etcd, whichever comes first. While it is open it is tried to get the key and to keep it.
 *
 * <p><b>How.</b> The key is written under a lease, only ever in a transaction that finds it absent: two holders never
 * overwrite each other. The lease is kept alive every third of its time to live. When the lease was lost (it expired, or
 * somebody revoked it), or somebody else deleted or overwrote the key, the state is {@link Lost}; the key is taken again,
 * under a new lease and at a new revision, as soon as it is free. A key that somebody else put without a lease is free when
 * it is deleted.
 *
 * <p><b>What it proves.</b> While the state is {@link Held}, etcd has confirmed the lease less than its time to live ago,
 * counted from when that was asked, and no loss of the key has been told. An operator can still take the key away at any
 * time, and the news takes a moment. So let what must never be done by two compare {@link Held#revision()}: it grows with
 * each taking, by whomever.
 *
 * <p><b>Threads.</b> May be used from any thread.
 */
public interface Hold extends AutoCloseable {
    /**
     * The state. A watcher gets {@link Closed} last, and then {@link dev.eventvalues.WatcherClosedException}. The age of a
     * {@link Held} is looked at whenever it is read, so a process that was frozen does not wake up believing it.
     *
     * @return always set
     */
    ValueReader<State> state();

    /**
     * Gives the key back, if it is held, and ends. The state is {@link Closed} at once; then this blocks until etcd has
     * confirmed that the lease is revoked, which deletes the key, at most for the request timeout. Failing that, the key
     * vanishes when its time to live has run out. An interrupt ends the waiting, not the revoking, and stays up.
     *
     * <p>Idempotent; never throws. Not to be called from a listener on an executor that runs it on the library's own
     * threads ({@code Runnable::run}).
     */
    @Override
    void close();

    /** Whether the key is held. */
    sealed interface State {}

    /**
     * The key is held.
     *
     * @param revision the revision that took it, at least 1
     */
    record Held(long revision) implements State {}

    /**
     * The key is not held, or not certainly; it is tried to get it.
     *
     * @param since when that began, by the wall clock
     * @param reason for people: taken by another, deleted, overwritten, the lease expired, etcd does not answer
     */
    record Lost(Instant since, String reason) implements State {}

    /** It is closed, or its {@link EtcdValues} is. There is no state after it. */
    record Closed() implements State {}
}
