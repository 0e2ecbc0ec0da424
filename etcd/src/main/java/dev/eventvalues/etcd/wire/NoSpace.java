package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Item;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one refusal of etcd that does not say whether the write was done: "database space exceeded" is answered to those it
 * refuses, and also to the one that it has done and that went over the quota. So the key is looked at.
 */
final class NoSpace {
    private static final String TEXT = "database space exceeded";

    private NoSpace() {}

    /**
     * Makes such a refusal certain, or says that it is not.
     *
     * @param answer to the write
     * @param read reads the key
     * @param untouched tells by what the key holds, null for nothing, that the write was not done
     */
    static <A> CompletableFuture<A> settle(
            CompletableFuture<A> answer,
            Supplier<CompletableFuture<Store.Reading>> read,
            Predicate<@Nullable Item> untouched) {
        CompletionStage<CompletionStage<A>> settled = answer.handle((done, failure) -> {
            RequestFailedException refusal = refusal(failure);
            return refusal == null
                    ? answer
                    : read.get().handle((reading, unread) -> {
                        boolean certain = reading != null && untouched.test(reading.item());
                        throw new CompletionException(certain ? refusal : unclear(refusal));
                    });
        });
        return settled.thenCompose(stage -> stage).toCompletableFuture();
    }

    private static @Nullable RequestFailedException refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RequestFailedException failed
                        && failed.isRefused()
                        && failed.trouble().message().contains(TEXT)
                ? failed
                : null;
    }

    private static RequestFailedException unclear(RequestFailedException refusal) {
        return new RequestFailedException(
                Status.UNKNOWN.withDescription(refusal.trouble().message()));
    }
}
