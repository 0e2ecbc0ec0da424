package dev.eventvalues.internal;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of {@code nextAsync}. Until it completes it is the one running call of its watcher; completing it from
 * outside (cancel, a timeout) frees the watcher and leaves its position alone.
 */
final class NextFuture<T> extends CompletableFuture<T> {
    private final Call call;

    private NextFuture(Cursor<T> cursor, Executor executor) {
        this.call = new Call(cursor, executor);
    }

    /** The caller has entered the cursor. */
    static <T> CompletableFuture<T> of(Cursor<T> cursor, Executor executor) {
        NextFuture<T> future = new NextFuture<>(cursor, executor);
        cursor.own(future.call);
        future.call.startWaiting(cursor);
        return future;
    }

    @Override
    public boolean complete(T value) {
        return call.end() && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return call.end() && super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return call.end() ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(
                () -> { // as inherited, but by way of complete
                    try {
                        if (!isDone()) {
                            complete(supplier.get());
                        }
                    } catch (Throwable thrown) {
                        completeExceptionally(thrown);
                    }
                });
        return this;
    }

    /** Dependents are ordinary futures: cancelling one does not reach the watcher. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private void deliver(T state) {
        super.complete(state);
    }

    private void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    private final class Call extends Turns {
        private final Cursor<T> cursor;

        /** Written by the turn that made the call end. */
        private @Nullable T state;

        private @Nullable Throwable failure;

        Call(Cursor<T> cursor, Executor executor) {
            super(executor);
            this.cursor = cursor;
        }

        @Override
        boolean turn() {
            T found = null;
            Throwable thrown = null;
            try {
                found = cursor.look();
                if (found == null) {
                    armAt(cursor);
                    found = cursor.look();
                }
            } catch (Throwable told) {
                thrown = told;
            }
            if ((found != null || thrown != null) && end()) {
                state = found;
                failure = thrown;
            }
            return false;
        }

        @Override
        void cleanUp() {
            if (state == null && failure == null) {
                cursor.rollback();
                cursor.leave();
                return;
            }
            cursor.commit();
            cursor.leave(); // free before dependents run
            if (state != null) {
                deliver(state);
            } else if (failure != null) {
                fail(failure);
            }
        }

        @Override
        void rejected(Throwable reason) {
            fail(reason);
        }
    }
}
