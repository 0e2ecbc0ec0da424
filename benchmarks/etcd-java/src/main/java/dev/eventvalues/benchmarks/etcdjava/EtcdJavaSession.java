package dev.eventvalues.benchmarks.etcdjava;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.ibm.etcd.api.Event;
import com.ibm.etcd.client.EtcdClient;
import com.ibm.etcd.client.kv.KvClient;
import com.ibm.etcd.client.kv.WatchUpdate;
import com.ibm.etcd.client.utils.RangeCache;
import dev.eventvalues.benchmarks.etcd.Arrivals;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import dev.eventvalues.benchmarks.etcd.KeyReader;
import dev.eventvalues.benchmarks.etcd.Latest;
import dev.eventvalues.benchmarks.etcd.RangeReader;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** A key is read first and followed from the next revision on; a range is its {@link RangeCache}. */
final class EtcdJavaSession implements EtcdSession {
    private final EtcdClient client;

    EtcdJavaSession(EtcdClient client) {
        this.client = client;
    }

    @Override
    public void put(String key, byte[] value) {
        client.getKvClient()
                .put(ByteString.copyFromUtf8(key), ByteString.copyFrom(value))
                .sync();
    }

    @Override
    public List<KeyReader> keys(List<String> keys) {
        List<KeyReader> readers = new ArrayList<>(keys.size());
        for (String key : keys) {
            Latest reader = new Latest();
            readers.add(reader);
            ByteString name = ByteString.copyFromUtf8(key);
            whenDone(
                    client.getKvClient().get(name).async(),
                    state -> follow(name, state.getHeader().getRevision() + 1, reader));
        }
        return readers;
    }

    private void follow(ByteString key, long revision, Latest reader) {
        KvClient.Watch watch =
                client.getKvClient().watch(key).startRevision(revision).start(new Updates(reader));
        whenDone(watch, created -> reader.ready());
    }

    private static <T> void whenDone(ListenableFuture<T> future, Consumer<T> action) {
        future.addListener(() -> action.accept(Futures.getUnchecked(future)), MoreExecutors.directExecutor());
    }

    @Override
    public RangeReader range(String prefix) throws Exception {
        Arrivals arrivals = new Arrivals();
        RangeCache cache = new RangeCache(client, ByteString.copyFromUtf8(prefix), false);
        cache.start().get();
        cache.addListener((type, state) -> arrivals.add(1));
        return arrivals;
    }

    @Override
    public IntSupplier snapshot(String prefix) throws Exception {
        RangeCache cache = new RangeCache(client, ByteString.copyFromUtf8(prefix), false);
        cache.start().get();
        return cache::size;
    }

    @Override
    public void close() {
        client.close();
    }

    private record Updates(Latest reader) implements StreamObserver<WatchUpdate> {
        @Override
        public void onNext(WatchUpdate update) {
            List<Event> events = update.getEvents();
            if (!events.isEmpty()) {
                reader.set(events.get(events.size() - 1).getKv().getValue().toByteArray());
            }
        }

        @Override
        public void onError(Throwable failure) {
            System.err.println("etcd-java ends a watch: " + failure);
        }

        @Override
        public void onCompleted() {}
    }
}
