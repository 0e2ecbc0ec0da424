package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint: its channel, which any thread may use, and the stream of watches that runs on it.
 */
final class Link {
    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final Clockwork clockwork;
    private final long requestNanos;
    private final BiConsumer<Link, Status> onFailure;

    /** Guarded by the serial context. */
    private @Nullable WatchStream stream;

    Link(
            Endpoint endpoint,
            ManagedChannel channel,
            Clockwork clockwork,
            long requestNanos,
            BiConsumer<Link, Status> onFailure) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.clockwork = clockwork;
        this.requestNanos = requestNanos;
        this.onFailure = onFailure;
    }

    /** Starts a request, on the calling thread. */
    <Q, A> void call(MethodDescriptor<Q, A> method, Q request, StreamObserver<A> answer) {
        start(() -> ClientCalls.asyncUnaryCall(
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(requestNanos, TimeUnit.NANOSECONDS)),
                request,
                answer));
    }

    /** Starts a watch, in the serial context. */
    Transport.Running follow(Span span, Command.Follow command, Consumer<Event> events) {
        if (stream == null) {
            start(() -> stream = new WatchStream(endpoint, channel, clockwork, requestNanos, this::streamEnded));
        }
        return Objects.requireNonNull(stream).follow(span, command, events);
    }

    /**
     * Starts a call that outlives the calling code. Whoever happens to bring the task may be serving a gRPC call of its
     * own; its context must not end ours.
     */
    private void start(Runnable call) {
        channel.resetConnectBackoff(); // the pace of attempts is ours, not the channel's
        Context.ROOT.run(call);
    }

    private Status streamEnded(Status status) {
        stream = null;
        onFailure.accept(this, status);
        return named(status);
    }

    /** What went wrong here, with the endpoint in the description. */
    Status named(Status status) {
        String text = status.getDescription();
        return status.withDescription(endpoint + (text == null ? "" : ": " + text));
    }

    /** Ends the stream and closes the channel; requests that run fail. */
    void close() {
        clockwork.run(() -> {
            if (stream != null) {
                stream.end(Status.CANCELLED.withDescription("closed"));
            }
        });
        channel.shutdownNow();
    }

    /** Whether all that {@link #close} ends has ended. */
    boolean hasEnded() {
        return channel.isTerminated();
    }
}
