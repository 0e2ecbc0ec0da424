package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.RequestFailedException;
import dev.eventvalues.etcd.wire.Store;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * One write: waits for its answer, and never leaves it open whether it was done.
 *
 * @param verb what is done
 * @param key to which key, without the namespace
 * @param bytes how many are written
 */
record Write(String verb, Key key, int bytes) {
    private static final String INTERRUPTED_BEFORE = ": interrupted before anything was sent";

    /**
     * Sends the write and waits for its answer.
     *
     * @param write sends it; not called if the thread is interrupted already
     */
    <R> R await(Supplier<CompletableFuture<R>> write) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(this + INTERRUPTED_BEFORE);
        }
        try {
            return write.get().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MaybeWrittenException(
                    this + ": interrupted while waiting for the answer; it may have been done", e);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /**
     * Reads what the write depends on. Whatever fails, nothing has been written.
     *
     * @param read sends the request; not called if the thread is interrupted already
     */
    <R> R awaitReading(Supplier<CompletableFuture<R>> read) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(this + INTERRUPTED_BEFORE);
        }
        try {
            return read.get().get();
        } catch (ExecutionException e) {
            Throwable cause = cause(e);
            if (cause instanceof RequestFailedException failed) {
                throw caused(
                        EtcdException.of(
                                failed.trouble(), this + ": the key could not be read, and nothing was written: "),
                        failed);
            }
            throw failure(cause);
        }
    }

    /** Hands the outcome over to an executor. */
    <R> CompletableFuture<R> completedOn(Executor executor, CompletableFuture<R> answer) {
        CompletableFuture<R> told = new CompletableFuture<>();
        Object unused = answer.whenComplete((result, failure) -> {
            try {
                executor.execute(() -> {
                    if (failure == null) {
                        told.complete(result);
                    } else {
                        told.completeExceptionally(failure(failure));
                    }
                });
            } catch (Throwable refusal) { // whatever an executor throws; dependents do not belong on this IO thread
                ForkJoinPool.commonPool()
                        .execute(() -> told.completeExceptionally(
                                failure == null
                                        ? new MaybeWrittenException(
                                                this + ": done, but the executor refused to tell so", refusal)
                                        : failure(failure)));
            }
        });
        return told;
    }

    private RuntimeException failure(Throwable thrown) {
        Throwable cause = cause(thrown);
        if (cause instanceof IllegalStateException) {
            return new IllegalStateException(this + ": not sent: " + cause.getMessage(), cause);
        }
        if (!(cause instanceof RequestFailedException failed)) {
            return new MaybeWrittenException(this + " failed; it may have been done", cause);
        }
        if (!failed.isRefused()) {
            return new MaybeWrittenException(
                    this + ": no answer (" + failed.getMessage() + "); it may have been done", failed);
        }
        return caused(refusal(failed.trouble()), failed);
    }

    /** What a future has wrapped. */
    private static Throwable cause(Throwable thrown) {
        boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wrapped && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** The exception for a write that was refused. */
    EtcdException refusal(Trouble trouble) {
        return Store.isTooLarge(trouble)
                ? new ValueTooLargeException(
                        key,
                        bytes,
                        this + ": etcd refused the " + bytes + " bytes as too large (" + trouble.message()
                                + "); put less under one key, or raise --max-request-bytes of all members")
                : EtcdException.of(trouble, this + ": ");
    }

    private static EtcdException caused(EtcdException refusal, Throwable cause) {
        refusal.initCause(cause);
        return refusal;
    }

    @Override
    public String toString() {
        return verb + " \"" + key + "\"";
    }
}
