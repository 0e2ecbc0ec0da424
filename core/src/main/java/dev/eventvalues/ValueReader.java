package dev.eventvalues;

import dev.eventvalues.internal.ConflatingPublisher;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Distinct;
import dev.eventvalues.internal.Listening;
import dev.eventvalues.internal.Shown;
import dev.eventvalues.internal.Source;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The consumer's side of a value: a stateless handle, to be shared freely between threads, with nothing to close.
 *
 * <p><b>Which call.</b> {@link #await()} for "give me the value, once it is there"; {@link #watch()} and
 * {@link Watcher#next()} to follow it; {@link #onChange} to be called on an executor; {@link #publisher} for reactive
 * code; {@link #current()} to have a look.
 *
 * <p><b>Views.</b> {@link #map}, {@link #filter} and {@link #distinct()} return readers that compute as they are read.
 * They have no thread, no subscription and nothing to close, so they can be made and dropped anywhere. Their functions
 * run on the thread of the call that reads (or on its executor), for each watcher and state, again if a call gave up
 * without delivering it, and must not return null.
 *
 * <p><b>Why not a queue, a {@code Flow} or a {@code CompletableFuture}.</b> A queue makes a slow consumer work through
 * states that no longer hold, and needs a bound; a {@code Flow} must be subscribed to before anything is known and says
 * nothing about "now"; a {@code CompletableFuture} holds one state for ever. A value has a "now", any number of
 * followers at their own pace, and keeps one state.
 *
 * <p>Not for implementation outside this library: methods may be added, and views of a foreign reader throw
 * {@link IllegalArgumentException}. Feed a {@link MemoryValue} instead.
 *
 * @param <T> the states
 */
public interface ValueReader<T> {
    /**
     * Opens a position of its own in this value. Never blocks; does not wait for a first state.
     *
     * @return a watcher whose first {@code next} returns the state that is current then
     */
    Watcher<T> watch();

    /**
     * Reads the newest state now. Never blocks.
     *
     * @return the newest state; empty if it is unset, hidden by a filter, or not read from its backend yet
     */
    Optional<T> current();

    /**
     * Waits until there is a state.
     *
     * @return the newest state
     * @throws InterruptedException if the thread is or becomes interrupted
     */
    default T await() throws InterruptedException {
        try (Watcher<T> watcher = watch()) {
            return watcher.next();
        }
    }

    /**
     * Waits until there is a state that matches.
     *
     * @param condition tested on the calling thread
     * @return the first such state that is seen
     * @throws InterruptedException if the thread is or becomes interrupted
     */
    default T await(Predicate<? super T> condition) throws InterruptedException {
        try (Watcher<T> watcher = watch()) {
            return watcher.next(condition);
        }
    }

    /**
     * Waits until there is a state, up to a time.
     *
     * @param timeout how long to wait; at or below zero is one try
     * @return the newest state
     * @throws TimeoutException if there is none in time, saying what was missing
     * @throws InterruptedException if the thread is or becomes interrupted
     */
    default T await(Duration timeout) throws InterruptedException, TimeoutException {
        try (Watcher<T> watcher = watch()) {
            return watcher.next(timeout);
        }
    }

    /**
     * Waits until there is a state that matches, up to a time.
     *
     * @param condition tested on the calling thread
     * @param timeout how long to wait; at or below zero is one try
     * @return the first such state that is seen
     * @throws TimeoutException if there is none in time
     * @throws InterruptedException if the thread is or becomes interrupted
     */
    default T await(Predicate<? super T> condition, Duration timeout) throws InterruptedException, TimeoutException {
        try (Watcher<T> watcher = watch()) {
            return watcher.next(condition, timeout);
        }
    }

    /**
     * Calls {@code listener} with the current state and then with each newest state, conflated: states that come while
     * it runs are skipped but for the last. There are never two calls at once. A listener that throws is logged and
     * stays registered, failed states (from a mapper or decoder) are logged and skipped.
     *
     * @param listener gets each state
     * @param executor runs the listener. {@code Runnable::run} runs it on the thread that sets the value. If it refuses
     *     a task, the listener is removed and that is logged.
     * @return closes to remove the listener; need not be kept
     */
    default Registration onChange(Consumer<? super T> listener, Executor executor) {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(executor, "executor");
        return Listening.start(Cursor.open(Source.check(this)), listener, null, executor);
    }

    /**
     * Like {@link #onChange(Consumer, Executor)}, and hands failed states to {@code onFailure}.
     *
     * @param listener gets each state
     * @param onFailure gets what a mapper, condition, comparator or decoder threw, or the backend's refusal
     * @param executor runs both
     * @return closes to remove the listener; need not be kept
     */
    default Registration onChange(
            Consumer<? super T> listener, Consumer<? super RuntimeException> onFailure, Executor executor) {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(onFailure, "onFailure");
        Objects.requireNonNull(executor, "executor");
        return Listening.start(Cursor.open(Source.check(this)), listener, onFailure, executor);
    }

    /**
     * Views each state through a function.
     *
     * @param <R> the states of the view
     * @param mapper called for each delivery; should be pure
     * @return a view
     */
    default <R> ValueReader<R> map(Function<? super T, ? extends R> mapper) {
        return Shown.mapped(this, mapper);
    }

    /**
     * Shows the state only while it matches. While it does not, {@link #current()} is empty and watchers wait; they are
     * not told that a match has ended, and a brief match may be missed. To follow a condition, use
     * {@code map(condition::test).distinct()}.
     *
     * @param condition which states to show; should be pure
     * @return a view
     */
    default ValueReader<T> filter(Predicate<? super T> condition) {
        return Shown.filtered(this, condition);
    }

    /**
     * Skips a state that equals the one a watcher delivered last.
     *
     * @return a view
     */
    default ValueReader<T> distinct() {
        return new Distinct<>(this, Object::equals);
    }

    /**
     * Skips a state that is the same as the one a watcher delivered last.
     *
     * @param same called with the state delivered last and the newest; should be pure
     * @return a view
     */
    default ValueReader<T> distinct(BiPredicate<? super T, ? super T> same) {
        return new Distinct<>(this, same);
    }

    /**
     * Publishes the states to reactive code. Each subscriber gets the newest state it has not seen when it asks for one:
     * under back-pressure states are conflated, never queued. Failed states are logged and skipped. The publisher
     * completes only when the value's backend is closed.
     *
     * @param executor runs the subscribers' {@code onNext}, {@code onError} and {@code onComplete}; if it refuses, the
     *     subscription is cancelled and that is logged
     * @return any number of subscribers may subscribe
     */
    default Flow.Publisher<T> publisher(Executor executor) {
        return new ConflatingPublisher<>(Source.check(this), executor);
    }
}
