package dev.eventvalues.benchmarks.etcd;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/** Distinct single-key values watched in one process: how long until all have a first state, and what they take. */
final class ManyValues implements Trial {
    private static final int VALUE_BYTES = 16;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        List<Integer> sizes = extent.values.stream().filter(referee::allows).toList();
        int most = sizes.get(sizes.size() - 1);
        referee.fill("values/", most, VALUE_BYTES);
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
        for (int size : sizes) {
            referee.now(Trials.VALUES, size);
            try (EtcdSession session = peer.open()) {
                // The connection, and what it takes, is there before.
                List<KeyReader> readers = new ArrayList<>(size + 1);
                readers.addAll(session.keys(List.of("values/other")));
                readers.get(0).awaitFirst();
                watch(session, Keys.of("values/", 0, size), readers, referee);
                int threads = ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore;
                referee.figure(Trials.VALUES, size, "threads", "threads", threads);
            }
            referee.awaitWatches(0);
        }
    }

    private static void watch(EtcdSession session, List<String> keys, List<KeyReader> readers, Referee referee)
            throws Exception {
        int size = keys.size();
        referee.serverMemory(Trials.VALUES, size, "before");
        long heap = Heap.used();
        long before = System.nanoTime();
        readers.addAll(session.keys(keys));
        for (KeyReader reader : readers.subList(1, size + 1)) {
            reader.awaitFirst();
        }
        referee.figure(Trials.VALUES, size, "time", "ms", (System.nanoTime() - before) / 1e6);
        // Some clients read first, and open the watch behind the back of whoever has the state already.
        referee.awaitWatches(size + 1);
        referee.figure(Trials.VALUES, size, "watched", "ms", (System.nanoTime() - before) / 1e6);
        referee.serverMemory(Trials.VALUES, size, "server");
        try {
            if (size >= 1_000) { // fewer drown in what else the JVM does
                double each = (double) (Heap.used() - heap) / size;
                referee.figure(
                        Trials.VALUES, size, "heap", "B", each - keys.get(0).length() - VALUE_BYTES);
            }
        } finally {
            Reference.reachabilityFence(readers);
        }
    }
}
