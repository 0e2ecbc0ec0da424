package dev.eventvalues;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * One consumer's position in a value: {@link #next()} waits for a state this watcher has not delivered, and moves on.
 *
 * <p><b>What is delivered.</b> Always the newest state, never one at or before the last delivered; states that came and
 * went in between are skipped. The first call returns the state that is current then, or waits for the first one.
 *
 * <p><b>Waiting.</b> {@code next} blocks the calling thread, and is right on a virtual thread. A {@code set}, the
 * timeout, an interrupt and {@link #close} wake it. Only a returned state moves the position: after an interrupt, a
 * timeout, a state that the condition rejects or a cancelled future the position is as before the call. A thread that
 * is interrupted on entry gets {@link InterruptedException} even if a state is ready. A timeout at or below zero is one
 * try; huge ones wait practically for ever.
 *
 * <p><b>{@code next} or {@code poll}.</b> {@link #poll} never waits, so it can tell "nothing new now" but not "nothing
 * new will come". Drain with {@code poll} before leaving a loop, wait with {@code next} inside it.
 *
 * <p><b>Failures.</b> An exception from a condition, mapper, comparator or decoder consumes that state: it is thrown
 * once, and the next call goes on with a newer state.
 *
 * <p><b>One thread at a time.</b> A watcher may move between threads, but a second call while one is running (or while a
 * future of {@link #nextAsync} is pending) throws {@link IllegalStateException} at once and leaves the first
 * undisturbed. Give each consumer its own watcher: they are cheap.
 *
 * <p><b>Closing.</b> {@link #close} wakes a blocked call with {@link WatcherClosedException}, and so do all later calls.
 * A watcher of a {@link MemoryValue} that is dropped without closing leaks nothing.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the states
 */
public interface Watcher<T> extends AutoCloseable {
    /**
     * Waits for a state this watcher has not delivered.
     *
     * @return the newest state
     * @throws InterruptedException if the thread is or becomes interrupted; the position stays
     * @throws WatcherClosedException if this watcher is or becomes closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    T next() throws InterruptedException;

    /**
     * Waits for a state this watcher has not delivered, up to a time.
     *
     * @param timeout how long to wait; at or below zero is one try
     * @return the newest state
     * @throws TimeoutException if there was none in time, saying what was missing; the position stays
     * @throws InterruptedException if the thread is or becomes interrupted; the position stays
     * @throws WatcherClosedException if this watcher is or becomes closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    T next(Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Waits for a state that this watcher has not delivered and that matches. States that come and go while the thread
     * is not scheduled may be missed, matching or not: a value has no history.
     *
     * @param condition tested on the calling thread; if it throws, that state is consumed
     * @return the newest state
     * @throws InterruptedException if the thread is or becomes interrupted; the position stays
     * @throws WatcherClosedException if this watcher is or becomes closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    T next(Predicate<? super T> condition) throws InterruptedException;

    /**
     * Waits for a state that this watcher has not delivered and that matches, up to a time.
     *
     * @param condition tested on the calling thread; if it throws, that state is consumed
     * @param timeout how long to wait; at or below zero is one try
     * @return the newest state
     * @throws TimeoutException if there was none in time; the position stays, so rejected states can still be delivered
     * @throws InterruptedException if the thread is or becomes interrupted; the position stays
     * @throws WatcherClosedException if this watcher is or becomes closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    T next(Predicate<? super T> condition, Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Takes a state this watcher has not delivered, if there is one now. Never blocks; ignores interrupts.
     *
     * @return the newest state, or empty
     * @throws WatcherClosedException if this watcher is closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    Optional<T> poll();

    /**
     * Asks for the next state without holding a thread. Until the future completes, it is the running call of this
     * watcher.
     *
     * <p>Mappers and conditions of views, and the completion with all its dependents, run on {@code executor} (a thread
     * that blocks in {@code get} or {@code join} may run some, as with any {@link CompletableFuture}). The watcher has
     * moved on and is free before dependents run, so a dependent may call {@code nextAsync} again. {@code cancel},
     * {@code completeExceptionally}, {@code complete} and {@code orTimeout} on the returned future free the watcher and
     * leave its position: at once, or when the executor is done if it is just looking at a state for it. Cancelling a
     * <em>dependent</em> future does not.
     *
     * @param executor runs user code and completion, and is asked only once there is something to do; if it refuses, the
     *     future fails with what it threw, on the thread that asked: the caller's or the setter's
     * @return completes with the newest state, or with what {@link #next()} would throw
     * @throws WatcherClosedException if this watcher is closed
     * @throws IllegalStateException if another call of this watcher is running
     */
    CompletableFuture<T> nextAsync(Executor executor);

    /**
     * Closes this watcher: a blocked {@code next} and all later calls throw {@link WatcherClosedException}. Idempotent,
     * from any thread, never blocks or throws.
     */
    @Override
    void close();
}
