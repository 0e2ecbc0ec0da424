package dev.eventvalues.etcd;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * One key in etcd that can be written.
 *
 * <p><b>Waiting.</b> A write blocks until etcd answers, at most for the request timeout. A thread that is interrupted on
 * entry gets {@link InterruptedException}, and nothing is written.
 *
 * <p><b>Fate.</b> A write is never repeated silently, and never left open silently: one that was sent and whose answer
 * did not come (a timeout, a connection that broke, an interrupt, which then stays up) throws
 * {@link MaybeWrittenException}; it may have been done, or may still be. Any other {@link EtcdException} says that it was
 * refused and not done: {@link ValueTooLargeException}, {@link EtcdAccessDeniedException}, or etcd's own words.
 *
 * <p><b>Which call.</b> {@link #set} if this is the only writer or the last one wins; {@link #update} to change what is
 * there; {@link #compareAndSet} to do that step by step, or to create; {@link #hold} for
 * what is to vanish with this process.
 *
 * <p><b>Threads.</b> Everything may be called from any thread, but not the blocking calls from a listener on an executor
 * that runs it on the library's own threads ({@code Runnable::run}). Codecs and change functions run on the calling
 * thread.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the values
 */
public interface WritableEtcdValue<T> extends EtcdValue<T> {
    /**
     * Writes a value.
     *
     * @param value not null
     * @return the new revision
     * @throws InterruptedException if the thread is interrupted on entry; nothing was written
     * @throws MaybeWrittenException if the answer did not come
     * @throws ValueTooLargeException if etcd refused it for its size
     * @throws EtcdException if etcd refused
     * @throws IllegalStateException if the connection is closed
     */
    long set(T value) throws InterruptedException;

    /**
     * Writes a value without blocking. Writes that run at the same time may be done in any order.
     *
     * <p>Cancelling the future, or completing it in another way, does not undo or stop the write. An interrupt of the
     * calling thread means nothing here.
     *
     * @param value not null; encoded on the calling thread
     * @param executor completes the future. If it refuses, a thread of the common pool does, with a
     *     {@link MaybeWrittenException} unless the write had failed otherwise
     * @return the new revision; or fails with what {@link #set} throws
     * @throws IllegalStateException if the connection is closed
     */
    CompletableFuture<Long> setAsync(T value, Executor executor);

    /**
     * Writes a value if nobody has written the key since a revision.
     *
     * @param expectedModRevision the revision that last wrote the key ({@link Entry#modRevision()}, or what a write
     *     returned); 0 if the key is to be absent
     * @param value not null
     * @return the new revision; empty if the key was at another revision, and nothing was written
     * @throws InterruptedException if the thread is interrupted on entry; nothing was written
     * @throws MaybeWrittenException if the answer did not come
     * @throws ValueTooLargeException if etcd refused it for its size
     * @throws EtcdException if etcd refused
     * @throws IllegalArgumentException if the revision is negative
     * @throws IllegalStateException if the connection is closed
     */
    OptionalLong compareAndSet(long expectedModRevision, T value) throws InterruptedException;

    /**
     * Replaces what the key holds by what {@code change} makes of it, atomically: nobody else writes in between. Reads
     * the key (linearizable), and writes if nobody has written it since; if somebody has, which etcd answers with what
     * was written, it begins anew with that, after a short rest. Nothing else is ever repeated.
     *
     * @param change gets what the key holds, empty if it is absent, and returns what it is to hold, empty to delete it.
     *     If it was absent and is to be, nothing is written. Runs on the calling thread, holding nothing; again after
     *     each conflict, so it should be pure. What it throws goes to the caller, and nothing is written
     * @return what {@code change} returned last
     * @throws InterruptedException if the thread is interrupted on entry or between two attempts; nothing was written
     * @throws MaybeWrittenException if the answer to the write did not come
     * @throws DecodeException if what the key holds cannot be decoded; nothing was written
     * @throws ValueTooLargeException if etcd refused the value for its size
     * @throws EtcdException if the key could not be read or etcd refused; nothing was written
     * @throws IllegalStateException if the connection is closed
     */
    Optional<T> update(UnaryOperator<Optional<T>> change) throws InterruptedException;

    /**
     * Deletes the key.
     *
     * @return whether it was there
     * @throws InterruptedException if the thread is interrupted on entry; nothing was deleted
     * @throws MaybeWrittenException if the answer did not come
     * @throws EtcdException if etcd refused
     * @throws IllegalStateException if the connection is closed
     */
    boolean delete() throws InterruptedException;

    /**
     * Deletes the key if nobody has written it since a revision.
     *
     * @param expectedModRevision the revision that last wrote the key; 0 deletes nothing
     * @return whether it was deleted; false if the key is absent or at another revision
     * @throws InterruptedException if the thread is interrupted on entry; nothing was deleted
     * @throws MaybeWrittenException if the answer did not come
     * @throws EtcdException if etcd refused
     * @throws IllegalArgumentException if the revision is negative
     * @throws IllegalStateException if the connection is closed
     */
    boolean delete(long expectedModRevision) throws InterruptedException;

    /**
     * Holds the key for as long as this process lives and reaches etcd, and gives it back in the end: for the address of a
     * service, or a role that only one may have. See {@link Hold}.
     *
     * <p>Blocks until the first attempt is decided. If the key is there, nothing is written, and the hold begins as
     * {@link Hold.Lost}; so it does if etcd cannot be reached within the request timeout, or if an answer does not come,
     * after which it is found out what etcd has done. It is tried on in any case.
     *
     * @param value what the key is to hold; not null; encoded once, on the calling thread
     * @param ttl after how much time without a sign of life from here etcd deletes the key: whole seconds, at least 1.
     *     Election timeouts of the cluster must fit in it several times
     * @return to be closed; until then the key is held or tried to be held, even if this is dropped
     * @throws InterruptedException if the thread is or becomes interrupted; what has been taken is given back, at the
     *     latest by the time to live
     * @throws ValueTooLargeException if etcd refused the value for its size
     * @throws EtcdException if etcd refused the first attempt and that will not pass by itself
     * @throws IllegalArgumentException if the time to live is not whole seconds, less than 1 or more than 9,000,000,000
     * @throws IllegalStateException if the connection is closed
     */
    Hold hold(T value, Duration ttl) throws InterruptedException;
}
