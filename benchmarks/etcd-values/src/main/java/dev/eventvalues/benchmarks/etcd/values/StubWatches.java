package dev.eventvalues.benchmarks.etcd.values;

import com.google.protobuf.ByteString;
import dev.eventvalues.benchmarks.etcd.Arrivals;
import dev.eventvalues.benchmarks.etcd.Latest;
import dev.eventvalues.etcd.wire.proto.Event;
import dev.eventvalues.etcd.wire.proto.WatchCreateRequest;
import dev.eventvalues.etcd.wire.proto.WatchGrpc;
import dev.eventvalues.etcd.wire.proto.WatchRequest;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** All watches of a channel, on one stream. When that ends it opens another, and does not care what it has missed. */
final class StubWatches {
    private final WatchGrpc.WatchStub stub;

    // guarded by this
    private final List<Watch> watches = new ArrayList<>(); // by their id
    private @Nullable StreamObserver<WatchRequest> requests;
    private boolean closed;

    StubWatches(Channel channel) {
        this.stub = WatchGrpc.newStub(channel);
    }

    private sealed interface Watch {
        WatchCreateRequest.Builder request();

        void created();

        void lost();

        void received(List<Event> events);
    }

    private record KeyWatch(ByteString key, List<Latest> readers) implements Watch {
        @Override
        public WatchCreateRequest.Builder request() {
            return WatchCreateRequest.newBuilder().setKey(key);
        }

        @Override
        public void created() {
            for (Latest reader : readers) {
                reader.ready();
            }
        }

        @Override
        public void lost() {
            for (Latest reader : readers) {
                reader.lost();
            }
        }

        @Override
        public void received(List<Event> events) {
            byte[] newest = events.get(events.size() - 1).getKv().getValue().toByteArray();
            for (Latest reader : readers) {
                reader.set(newest);
            }
        }
    }

    private record RangeWatch(ByteString from, ByteString to, Arrivals reader, CountDownLatch opened) implements Watch {
        @Override
        public WatchCreateRequest.Builder request() {
            return WatchCreateRequest.newBuilder().setKey(from).setRangeEnd(to).setFragment(true);
        }

        @Override
        public void created() {
            opened.countDown();
        }

        @Override
        public void lost() {}

        @Override
        public void received(List<Event> events) {
            reader.add(events.size());
        }
    }

    void key(ByteString key, List<Latest> readers) {
        open(new KeyWatch(key, readers));
    }

    void range(ByteString from, ByteString to, Arrivals reader, CountDownLatch opened) {
        open(new RangeWatch(from, to, reader, opened));
    }

    private synchronized void open(Watch watch) {
        watches.add(watch);
        if (requests == null) {
            requests = stub.watch(new Responses());
        }
        send(requests, watches.size() - 1);
    }

    private void send(StreamObserver<WatchRequest> stream, int index) {
        stream.onNext(WatchRequest.newBuilder()
                .setCreateRequest(watches.get(index).request().setWatchId(index + 1))
                .build());
    }

    private synchronized void reopen() {
        if (!closed) {
            watches.forEach(Watch::lost);
            StreamObserver<WatchRequest> stream = stub.watch(new Responses());
            requests = stream;
            for (int index = 0; index < watches.size(); index++) {
                send(stream, index);
            }
        }
    }

    synchronized void close() {
        closed = true;
        if (requests != null) {
            requests.onCompleted();
        }
    }

    private synchronized Watch watch(WatchResponse response) {
        return watches.get((int) response.getWatchId() - 1);
    }

    private final class Responses implements StreamObserver<WatchResponse> {
        @Override
        public void onNext(WatchResponse response) {
            Watch watch = watch(response);
            if (response.getCreated()) {
                watch.created();
            } else if (response.getEventsCount() > 0) {
                watch.received(response.getEventsList());
            }
        }

        @Override
        public void onError(Throwable failure) {
            reopen();
        }

        @Override
        public void onCompleted() {
            reopen();
        }
    }
}
