package dev.eventvalues.verification.campaign;

import com.google.protobuf.ByteString;
import dev.eventvalues.etcd.wire.proto.AuthGrpc;
import dev.eventvalues.etcd.wire.proto.AuthenticateRequest;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.WatchCreateRequest;
import dev.eventvalues.etcd.wire.proto.WatchGrpc;
import dev.eventvalues.etcd.wire.proto.WatchRequest;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection of the control to one member, with plain gRPC. */
final class ClassicConnection implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final long ANSWER_SECONDS = 2;

    private final ManagedChannel owned;
    private final Channel channel;
    private final ByteString first;
    private final ByteString end;

    private ClassicConnection(ManagedChannel owned, Channel channel, ByteString first, ByteString end) {
        this.owned = owned;
        this.channel = channel;
        this.first = first;
        this.end = end;
    }

    static ClassicConnection open(Access access, String endpoint, @Nullable String key) throws IOException {
        URI url = URI.create(endpoint);
        Access.Login login = access.login();
        ChannelCredentials credentials = login == null
                ? InsecureChannelCredentials.create()
                : TlsChannelCredentials.newBuilder()
                        .trustManager(new File(login.trustPem()))
                        .build();
        ManagedChannel owned = Grpc.newChannelBuilderForAddress(url.getHost(), url.getPort(), credentials)
                .build();
        ByteString prefix = ByteString.copyFromUtf8(access.prefix());
        ByteString first = key == null ? prefix : prefix.concat(ByteString.copyFromUtf8(key));
        ByteString end = key == null ? behind(access.prefix()) : ByteString.EMPTY;
        try {
            return new ClassicConnection(owned, login == null ? owned : loggedIn(owned, login), first, end);
        } catch (RuntimeException | IOException e) {
            owned.shutdownNow();
            throw e;
        }
    }

    private static Channel loggedIn(ManagedChannel owned, Access.Login login) throws IOException {
        String token = AuthGrpc.newBlockingStub(owned)
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName(login.user())
                        .setPassword(ByteString.copyFrom(Files.readAllBytes(Path.of(login.passwordFile()))))
                        .build())
                .getToken();
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return ClientInterceptors.intercept(owned, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** The first key behind all that begin with a prefix. */
    private static ByteString behind(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1]++;
        return ByteString.copyFrom(bytes);
    }

    RangeResponse list() {
        return KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .range(RangeRequest.newBuilder().setKey(first).setRangeEnd(end).build());
    }

    Iterator<WatchResponse> watch(long revision) {
        Responses responses = new Responses();
        StreamObserver<WatchRequest> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT), responses);
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(first)
                        .setRangeEnd(end)
                        .setStartRevision(revision))
                .build());
        return responses;
    }

    /** The responses of a stream until it breaks. Used by one thread beside gRPC's. */
    private static final class Responses implements StreamObserver<WatchResponse>, Iterator<WatchResponse> {
        /* Empty at the end. */
        private final BlockingQueue<Optional<WatchResponse>> arrived = new LinkedBlockingQueue<>();
        private Optional<WatchResponse> next = Optional.empty(); // used by the one thread

        @Override
        public void onNext(WatchResponse response) {
            arrived.add(Optional.of(response));
        }

        @Override
        public void onError(Throwable failure) {
            arrived.add(Optional.empty());
        }

        @Override
        public void onCompleted() {
            arrived.add(Optional.empty());
        }

        @Override
        public boolean hasNext() {
            try {
                next = arrived.take();
                return next.isPresent();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public WatchResponse next() {
            return next.orElseThrow();
        }
    }

    @Override
    public void close() {
        owned.shutdownNow();
    }
}
