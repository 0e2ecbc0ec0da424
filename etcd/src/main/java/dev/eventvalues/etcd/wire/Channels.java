package dev.eventvalues.etcd.wire;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;

/** How a channel to an endpoint is set up. */
final class Channels {
    /** Above any response: etcd's own limit on a request is 1.5 MiB, and a page or a revision holds several. */
    private static final int MAX_INBOUND_BYTES = 512 << 20;

    /** The least that grpc-java allows. */
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final Security security;
    private final EventLoopGroup threads;
    private final long requestNanos;

    /**
     * Creates channels without opening any.
     *
     * @param security of all of them
     * @param threads run their IO
     * @param requestNanos how long a request for a token may take
     */
    Channels(Security security, EventLoopGroup threads, long requestNanos) {
        this.security = security;
        this.threads = threads;
        this.requestNanos = requestNanos;
    }

    ManagedChannel open(Endpoint endpoint) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .eventLoopGroup(threads)
                .channelType(NioSocketChannel.class)
                .directExecutor() // callbacks only hand over to the clockwork
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_INBOUND_BYTES);
        RotatingTls tls = security.tls();
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        builder.intercept(new Dialect(endpoint, tls)); // what is added last comes first
        Credentials credentials = security.credentials();
        if (credentials != null) {
            builder.intercept(new Tokens(endpoint, credentials, requestNanos));
        }
        return builder.build();
    }
}
