package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A position in a value: what every watcher of this library is.
 *
 * @param <T> the states
 */
public abstract class Cursor<T> implements Watcher<T> {
    /*
     * A call looks in two steps. examine() reads the newest state and computes what the watcher would deliver; then
     * either commit() moves the position there (the state was delivered, or its failure told), or rollback() forgets
     * that anything was examined (the call was interrupted, timed out, its condition never held). Between the two,
     * examine() may be called again and again; it reports only what has moved since the last time.
     *
     * A view's cursor is a tree of cursors: the three steps go down to the leaves, which read cells. Only the root's
     * `owner` and `closed` are used.
     */

    /** Why {@link #examine} has nothing to deliver. */
    protected enum Unseen {
        /** Nothing has moved since the last look of this call. */
        NOTHING,
        /** Something has moved, and the state is again the one shown last, before any failure. */
        SAME,
        /** Something has moved, and there is no state to show: unset, not read yet, filtered out or failed. */
        HIDDEN
    }

    private static final VarHandle OWNER;
    private static final Object BUSY = "a call is running";

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(Cursor.class, "owner", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null, or {@link #BUSY}, or the waiter of the one call that is running. Written by that call. */
    private volatile @Nullable Object owner;

    /** Set once, by any thread; then the owner is woken. */
    private volatile boolean closed;

    /** For subclasses. */
    protected Cursor() {}

    // ---- what a kind of cursor is

    /**
     * Looks at the newest state. Runs user code (mappers, conditions, decoders), whose exceptions it lets through.
     *
     * @return the state to deliver, or a member of {@link Unseen}
     */
    protected abstract Object examine();

    /** Moves the position to what was examined. */
    protected abstract void commit();

    /** Moves what was examined back to the position. */
    protected abstract void rollback();

    /**
     * Joins the wait list of every cell below.
     *
     * @param waiter who waits
     */
    public abstract void arm(Waiter waiter);

    /** Lets go of what an open watcher holds. Called by {@link #close}, from any thread, perhaps more than once. */
    protected void release() {}

    /**
     * Tells whether what is watched has ended, so that no state will ever come.
     *
     * @return true if every further call throws {@link WatcherClosedException}
     */
    public boolean ended() {
        return closed;
    }

    /**
     * Tells whether {@link #examine} may find something. Runs no user code.
     *
     * @return false only if it is certain that nothing has moved since the last look
     */
    protected boolean hasMoved() {
        return true;
    }

    /**
     * Says what is missing, for the message of a {@link TimeoutException}. Called before {@link #rollback}, so what was
     * examined and not accepted can be told from what never came.
     *
     * @return a clause such as "it is not set"
     */
    protected abstract String missing();

    // ---- for drivers that own the cursor alone

    /**
     * Opens a cursor on a reader of this library.
     *
     * @param <T> the states
     * @param reader what to watch
     * @return the new watcher
     */
    @SuppressWarnings("unchecked")
    public static <T> Cursor<T> open(ValueReader<? extends T> reader) {
        return (Cursor<T>) reader.watch(); // a watcher only gives states out
    }

    /**
     * Looks once, without moving the position.
     *
     * @return the state to deliver, or null if there is none
     */
    @SuppressWarnings("unchecked")
    final @Nullable T look() {
        if (closed) {
            throw new WatcherClosedException("the watcher is closed");
        }
        Object state = examine();
        return state instanceof Unseen ? null : (T) state;
    }

    /**
     * Looks once; the position moves to a state that is returned, or whose failure is thrown.
     *
     * @param condition null accepts any state
     * @return the state, or null if there is none that {@code condition} accepts
     */
    public final @Nullable T take(@Nullable Predicate<? super T> condition) {
        try {
            T state = look();
            if (state == null || (condition != null && !condition.test(state))) {
                return null;
            }
            commit();
            return state;
        } catch (Throwable told) {
            commit();
            throw told;
        }
    }

    /** Like {@link #take}; when it returns null, {@code waiter} will be woken by what comes. */
    final @Nullable T takeOrArm(Waiter waiter) {
        T state = take(null);
        if (state == null) {
            waiter.armAt(this);
            state = take(null);
        }
        return state;
    }

    // ---- the calls of a watcher

    @Override
    public final T next() throws InterruptedException {
        return blocking(null);
    }

    @Override
    public final T next(Predicate<? super T> condition) throws InterruptedException {
        return blocking(Objects.requireNonNull(condition, "condition"));
    }

    @Override
    public final T next(Duration timeout) throws InterruptedException, TimeoutException {
        return blocking(null, timeout, "");
    }

    @Override
    public final T next(Predicate<? super T> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        return blocking(Objects.requireNonNull(condition, "condition"), timeout, " that the condition accepts");
    }

    @Override
    public final Optional<T> poll() {
        enter();
        try {
            T state = take(null);
            if (state == null) {
                rollback();
            }
            return Optional.ofNullable(state);
        } finally {
            leave();
        }
    }

    @Override
    public final CompletableFuture<T> nextAsync(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        enter();
        return NextFuture.of(this, executor);
    }

    @Override
    public final void close() {
        closed = true;
        if (owner instanceof Waiter call) {
            call.wake();
        }
        release();
    }

    private T blocking(@Nullable Predicate<? super T> condition) throws InterruptedException {
        T state = null;
        enter();
        try {
            state = Objects.requireNonNull(await(condition, Long.MAX_VALUE));
            return state;
        } finally {
            leave(state != null);
        }
    }

    private T blocking(@Nullable Predicate<? super T> condition, Duration timeout, String which)
            throws InterruptedException, TimeoutException {
        long timeoutNanos = saturated(timeout);
        T state = null;
        enter();
        try {
            state = await(condition, timeoutNanos);
            if (state == null) {
                throw new TimeoutException("no unseen state" + which + " within " + timeout + ": " + missing());
            }
            return state;
        } finally {
            leave(state != null);
        }
    }

    private @Nullable T await(@Nullable Predicate<? super T> condition, long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        T state = take(condition);
        if (state == null && timeoutNanos > 0) {
            state = Waiter.await(new BlockedCall(condition), timeoutNanos);
        }
        return state;
    }

    /** The slow path of a blocking call: it names itself the owner, so that {@link #close} can wake it. */
    private final class BlockedCall implements Waiter.Subject<T, RuntimeException> {
        private final @Nullable Predicate<? super T> condition;

        BlockedCall(@Nullable Predicate<? super T> condition) {
            this.condition = condition;
        }

        @Override
        public @Nullable T attempt() {
            return take(condition);
        }

        @Override
        public void arm(Waiter waiter) {
            own(waiter);
            Cursor.this.arm(waiter);
        }
    }

    // ---- one call at a time

    private void enter() {
        if (!OWNER.compareAndSet(this, null, BUSY)) {
            if (closed) {
                throw new WatcherClosedException("the watcher is closed");
            }
            throw new IllegalStateException("another call of this watcher is running: a watcher is for one thread at a"
                    + " time, so give each consumer its own watch()");
        }
        if (closed) {
            leave();
            throw new WatcherClosedException("the watcher is closed");
        }
    }

    /** The running call says who is to be woken by {@link #close}. */
    final void own(Waiter waiter) {
        owner = waiter;
    }

    private void leave(boolean committed) {
        if (!committed) {
            rollback();
        }
        leave();
    }

    final void leave() {
        OWNER.setRelease(this, null);
    }

    /**
     * Converts a timeout.
     *
     * @param timeout any duration
     * @return its nanoseconds; huge ones saturate, and those below zero are zero
     */
    public static long saturated(Duration timeout) {
        return Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
    }
}
