package dev.eventvalues.etcd.wire;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.ResponseHeader;
import dev.eventvalues.etcd.wire.proto.ResponseOp;
import dev.eventvalues.etcd.wire.proto.TxnRequest;
import dev.eventvalues.etcd.wire.proto.TxnResponse;
import dev.eventvalues.etcd.wire.proto.WatchGrpc;
import dev.eventvalues.etcd.wire.proto.WatchRequest;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A server that answers what cannot be, the first time it is asked. Nothing of that is shown, and it is asked again: a feed
 * must not fall silent for ever.
 */
class NonsenseTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setClusterId(7).setRevision(20).build();

    private final Queue<RangeResponse> readings = new ConcurrentLinkedQueue<>();
    private final Queue<TxnResponse> transactions = new ConcurrentLinkedQueue<>();
    private final Server server;
    private final EtcdValues client;

    NonsenseTest() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Answers())
                .addService(new Acceptances())
                .build()
                .start();
        client = EtcdValues.builder()
                .endpoints("http://127.0.0.1:" + server.getPort())
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100))
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.shutdownNow();
    }

    /** The probe is answered as it should be; else what the test has prepared, then that each key holds its own name. */
    private final class Answers extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            RangeResponse prepared = request.getKeysOnly() ? null : readings.poll();
            answer.onNext(prepared == null ? honest(request) : prepared);
            answer.onCompleted();
        }

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> answer) {
            TxnResponse prepared = transactions.poll();
            TxnResponse.Builder honest =
                    TxnResponse.newBuilder().setHeader(HEADER).setSucceeded(true);
            request.getSuccessList()
                    .forEach(each -> honest.addResponses(
                            ResponseOp.newBuilder().setResponseRange(honest(each.getRequestRange()))));
            answer.onNext(prepared == null ? honest.build() : prepared);
            answer.onCompleted();
        }

        private RangeResponse honest(RangeRequest request) {
            return request.getRangeEnd().isEmpty() ? page(request.getKey().toStringUtf8()) : page("k/a", "k/b");
        }
    }

    private static final class Acceptances extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    answers.onNext(WatchResponse.newBuilder()
                            .setHeader(HEADER)
                            .setWatchId(request.getCreateRequest().getWatchId())
                            .setCreated(true)
                            .build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    private static RangeResponse page(String... keys) {
        RangeResponse.Builder page = RangeResponse.newBuilder().setHeader(HEADER);
        for (String key : keys) {
            page.addKvs(KeyValue.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setValue(ByteString.copyFromUtf8(key))
                    .setModRevision(3)
                    .setCreateRevision(3)
                    .setVersion(1));
        }
        return page.build();
    }

    private List<Key> keysOfTheRange() throws Exception {
        return List.copyOf(
                client.prefix("k/", Codec.utf8()).await(BOUND).values().keySet());
    }

    @Test
    void ofAReadIsAskedForAgain() throws Exception {
        readings.add(page("k/b", "k/a"));
        readings.add(page("k/a", "k/a"));
        assertThat(keysOfTheRange()).containsExactly(Key.of("k/a"), Key.of("k/b"));
    }

    @Test
    void ofKeysOutsideOfTheRangeIsAskedForAgain() throws Exception {
        readings.add(page("a", "k/b"));
        readings.add(page("k/b", "z"));
        assertThat(keysOfTheRange()).containsExactly(Key.of("k/a"), Key.of("k/b"));
        assertThat(readings).isEmpty();
    }

    /** It would be watched from revision 0, which means "from now on" to etcd. */
    @Test
    void ofARevisionThatCannotBeIsAskedForAgain() throws Exception {
        for (long revision : new long[] {0, -1}) {
            readings.add(page("k/c").toBuilder()
                    .setHeader(HEADER.toBuilder().setRevision(revision))
                    .build());
        }
        assertThat(keysOfTheRange()).containsExactly(Key.of("k/a"), Key.of("k/b"));
    }

    /** Single keys that are read at the same time share a transaction. */
    @Test
    void ofSeveralReadsAtOnceIsAskedForAgain() throws Exception {
        transactions.add(TxnResponse.newBuilder().setHeader(HEADER).build());
        transactions.add(TxnResponse.newBuilder()
                .setHeader(HEADER)
                .addResponses(ResponseOp.newBuilder().setResponseRange(page("a")))
                .addResponses(ResponseOp.getDefaultInstance())
                .build());
        Queue<Watcher<Optional<String>>> watchers = new ArrayDeque<>();
        for (String key : List.of("a", "b")) {
            watchers.add(client.value(key, Codec.utf8()).watch());
        }
        assertThat(watchers.remove().next(BOUND)).contains("a");
        assertThat(watchers.remove().next(BOUND)).as("and not taken for absent").contains("b");
    }
}
