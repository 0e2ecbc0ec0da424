package dev.eventvalues.benchmarks.etcd.values;

import dev.eventvalues.Watcher;
import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import dev.eventvalues.benchmarks.etcd.KeyReader;
import dev.eventvalues.benchmarks.etcd.RangeReader;
import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdValue;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Freshness;
import dev.eventvalues.etcd.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** This library, as connected by {@code EtcdValues.connect}. */
public final class EventValuesPeer implements EtcdPeer {
    @Override
    public String name() {
        return "EVENT_VALUES";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new Session(EtcdValues.connect(endpoint));
    }

    private record Session(EtcdValues etcd) implements EtcdSession {
        @Override
        public void put(String key, byte[] value) throws InterruptedException {
            etcd.value(key, Codec.bytes()).set(value);
        }

        @Override
        public List<KeyReader> keys(List<String> keys) {
            List<KeyReader> readers = new ArrayList<>(keys.size());
            for (String key : keys) {
                EtcdValue<byte[]> value = etcd.value(key, Codec.bytes());
                readers.add(new Key(value, value.watch()));
            }
            return readers;
        }

        @Override
        public RangeReader range(String prefix) {
            return new Range(etcd.prefix(prefix, Codec.bytes()).changes().watch());
        }

        @Override
        public IntSupplier snapshot(String prefix) throws InterruptedException {
            Snapshot<byte[]> snapshot = etcd.prefix(prefix, Codec.bytes()).await();
            return () -> snapshot.values().size();
        }

        @Override
        public void close() {
            etcd.close();
        }
    }

    private record Key(EtcdValue<byte[]> value, Watcher<Optional<byte[]>> watcher) implements KeyReader {
        @Override
        public void awaitFirst() throws InterruptedException {
            watcher.next();
        }

        @Override
        public byte[] next() throws InterruptedException {
            return watcher.next().orElseThrow();
        }

        @Override
        public boolean isFresh() {
            return value.freshness().current().orElseThrow() instanceof Freshness.Fresh;
        }
    }

    private record Range(Watcher<Changes<byte[]>> watcher) implements RangeReader {
        @Override
        public void awaitFirst() throws InterruptedException {
            watcher.next();
        }

        @Override
        public int next() throws InterruptedException {
            return watcher.next().changes().size();
        }
    }
}
