package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint: its channel, which any thread may use, and the stream of watches that runs on it.
 */
final class Link {
    /** Above any response: etcd's own limit on a request is 1.5 MiB, and a page or a revision holds several. */
    private static final int MAX_INBOUND_BYTES = 512 << 20;

    /** The least that grpc-java allows. */
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final Clockwork clockwork;
    private final long requestNanos;
    private final BiConsumer<Link, Status> onFailure;

    /** Guarded by the serial context. */
    private @Nullable WatchStream stream;

    Link(
            Endpoint endpoint,
            EventLoopGroup threads,
            Clockwork clockwork,
            long requestNanos,
            BiConsumer<Link, Status> onFailure) {
        this.endpoint = endpoint;
        this.clockwork = clockwork;
        this.requestNanos = requestNanos;
        this.onFailure = onFailure;
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .eventLoopGroup(threads)
                .channelType(NioSocketChannel.class)
                .directExecutor() // callbacks only hand over to the clockwork
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_INBOUND_BYTES);
        this.channel = (endpoint.tls() ? builder.useTransportSecurity() : builder.usePlaintext()).build();
    }

    /** Starts a request, on the calling thread. */
    void request(Consumer<KVGrpc.KVStub> send) {
        start(() -> send.accept(KVGrpc.newStub(channel).withDeadlineAfter(requestNanos, TimeUnit.NANOSECONDS)));
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
