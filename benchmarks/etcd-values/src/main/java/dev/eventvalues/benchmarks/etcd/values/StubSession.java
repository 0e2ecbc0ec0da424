package dev.eventvalues.benchmarks.etcd.values;

import com.google.protobuf.ByteString;
import dev.eventvalues.benchmarks.etcd.Arrivals;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import dev.eventvalues.benchmarks.etcd.KeyReader;
import dev.eventvalues.benchmarks.etcd.Latest;
import dev.eventvalues.benchmarks.etcd.RangeReader;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.PutRequest;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/** One channel with grpc-java's defaults, but no executor between its threads and us. */
final class StubSession implements EtcdSession {
    /* The pages of Event Values. There they are the business of a package of its own, see Pages in etcd/state. */
    private static final int FIRST_PAGE = 1_000;
    private static final long GOOD_PAGE = 8 << 20;
    private static final int OVERHEAD = 200;
    private static final int STEP = 8;

    private final ManagedChannel channel;
    private final KVGrpc.KVBlockingStub store;
    private final StubWatches watches;
    private final boolean paged;

    StubSession(String endpoint, boolean paged) {
        this.channel = ManagedChannelBuilder.forTarget(endpoint.substring("http://".length()))
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
        this.store = KVGrpc.newBlockingStub(channel);
        this.watches = new StubWatches(channel);
        this.paged = paged;
    }

    @Override
    public void put(String key, byte[] value) {
        store.put(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFrom(value))
                .build());
    }

    @Override
    public List<KeyReader> keys(List<String> keys) {
        // One watch for each key, however many readers it has.
        Map<String, List<Latest>> readers = new LinkedHashMap<>();
        List<KeyReader> all = new ArrayList<>(keys.size());
        for (String key : keys) {
            Latest reader = new Latest();
            readers.computeIfAbsent(key, k -> new ArrayList<>(1)).add(reader);
            all.add(reader);
        }
        readers.forEach((key, some) -> watches.key(ByteString.copyFromUtf8(key), List.copyOf(some)));
        return all;
    }

    @Override
    public RangeReader range(String prefix) throws InterruptedException {
        Arrivals arrivals = new Arrivals();
        CountDownLatch created = new CountDownLatch(1);
        watches.range(ByteString.copyFromUtf8(prefix), end(prefix), arrivals, created);
        created.await();
        return arrivals;
    }

    @Override
    public IntSupplier snapshot(String prefix) {
        List<List<KeyValue>> pages = new ArrayList<>();
        RangeRequest.Builder request = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(prefix))
                .setRangeEnd(end(prefix))
                .setLimit(paged ? FIRST_PAGE : 0);
        RangeResponse page;
        do {
            page = store.range(request.build());
            pages.add(page.getKvsList());
            ByteString last = page.getKvs(page.getKvsCount() - 1).getKey();
            request.setKey(last.concat(ByteString.copyFrom(new byte[1])))
                    .setRevision(page.getHeader().getRevision())
                    .setLimit(Math.min(request.getLimit() * STEP, goodPage(page.getKvsList())));
        } while (page.getMore());
        return () -> pages.stream().mapToInt(List::size).sum();
    }

    /** How many keys like these make a good page. */
    private static long goodPage(List<KeyValue> pairs) {
        long bytes = 0;
        for (KeyValue pair : pairs) {
            bytes += pair.getKey().size() + pair.getValue().size() + OVERHEAD;
        }
        return Math.max(1, pairs.size() * GOOD_PAGE / bytes);
    }

    private static ByteString end(String prefix) {
        char last = prefix.charAt(prefix.length() - 1);
        return ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + (char) (last + 1));
    }

    @Override
    public void close() {
        watches.close();
        channel.shutdownNow();
    }
}
