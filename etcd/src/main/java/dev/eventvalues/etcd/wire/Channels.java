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

    private Channels() {}

    static ManagedChannel open(Endpoint endpoint, EventLoopGroup threads) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .eventLoopGroup(threads)
                .channelType(NioSocketChannel.class)
                .directExecutor() // callbacks only hand over to the clockwork
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_INBOUND_BYTES);
        return (endpoint.tls() ? builder.useTransportSecurity() : builder.usePlaintext()).build();
    }
}
