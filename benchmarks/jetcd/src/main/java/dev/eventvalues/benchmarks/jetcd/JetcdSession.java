package dev.eventvalues.benchmarks.jetcd;

import dev.eventvalues.benchmarks.etcd.Arrivals;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import dev.eventvalues.benchmarks.etcd.KeyReader;
import dev.eventvalues.benchmarks.etcd.Latest;
import dev.eventvalues.benchmarks.etcd.RangeReader;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** It has watches but keeps no state, so a key is read first, and followed from the next revision on. */
final class JetcdSession implements EtcdSession {
    private final Client client;

    JetcdSession(Client client) {
        this.client = client;
    }

    @Override
    public void put(String key, byte[] value) throws Exception {
        client.getKVClient().put(bytes(key), ByteSequence.from(value)).get();
    }

    @Override
    public List<KeyReader> keys(List<String> keys) {
        List<KeyReader> readers = new ArrayList<>(keys.size());
        for (String key : keys) {
            Latest reader = new Latest();
            readers.add(reader);
            ByteSequence name = bytes(key);
            CompletableFuture<Void> unused = client.getKVClient()
                    .get(name)
                    .thenAccept(state -> follow(name, state.getHeader().getRevision() + 1, reader));
        }
        return readers;
    }

    private void follow(ByteSequence key, long revision, Latest reader) {
        WatchOption option = WatchOption.builder()
                .withRevision(revision)
                .withCreateNotify(true)
                .build();
        Watch.Watcher unused = client.getWatchClient()
                .watch(
                        key,
                        option,
                        told(
                                reader::ready,
                                events -> reader.set(events.get(events.size() - 1)
                                        .getKeyValue()
                                        .getValue()
                                        .getBytes())));
    }

    @Override
    public RangeReader range(String prefix) throws InterruptedException {
        Arrivals arrivals = new Arrivals();
        CountDownLatch created = new CountDownLatch(1);
        WatchOption option =
                WatchOption.builder().isPrefix(true).withCreateNotify(true).build();
        Watch.Watcher unused = client.getWatchClient()
                .watch(bytes(prefix), option, told(created::countDown, events -> arrivals.add(events.size())));
        created.await();
        return arrivals;
    }

    private static Consumer<WatchResponse> told(Runnable created, Consumer<List<WatchEvent>> changed) {
        return response -> {
            if (response.isCreatedNotify()) {
                created.run();
            } else if (!response.getEvents().isEmpty()) {
                changed.accept(response.getEvents());
            }
        };
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
