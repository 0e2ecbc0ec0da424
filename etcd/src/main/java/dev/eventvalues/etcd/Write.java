package dev.eventvalues.etcd;

import dev.eventvalues.etcd.wire.RequestFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Waits for the answer to a write, and never leaves it open whether it was done. */
final class Write {
    private Write() {}

    /**
     * Sends a write and waits for its answer.
     *
     * @param what for messages; never a value
     * @param write sends it; not called if the thread is interrupted already
     */
    static <R> R await(String what, Supplier<CompletableFuture<R>> write) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(what + ": interrupted before anything was sent");
        }
        try {
            return write.get().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MaybeWrittenException(
                    what + ": interrupted while waiting for the answer; it may have been done", e);
        } catch (ExecutionException e) {
            throw failure(what, e);
        }
    }

    private static RuntimeException failure(String what, ExecutionException e) {
        if (e.getCause() instanceof RequestFailedException failed) {
            if (failed.isRefused()) {
                EtcdException refusal = EtcdException.of(failed.trouble(), what + ": ");
                refusal.initCause(failed);
                return refusal;
            }
            return new MaybeWrittenException(
                    what + ": no answer (" + failed.getMessage() + "); it may have been done", failed);
        }
        return new EtcdException(what + " failed", e);
    }
}
