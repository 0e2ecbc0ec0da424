package dev.eventvalues.benchmarks.etcd;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** One put until all watchers of that key have it, each on a virtual thread. */
final class WatchersOfOneKey implements Trial {
    private static final int VALUE_BYTES = 100;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        if (Runtime.version().feature() < 21) {
            return; // no virtual threads
        }
        int count = extent.watchers;
        try (EtcdSession session = peer.open()) {
            String key = "watchers";
            session.put(key, new byte[VALUE_BYTES]);
            List<KeyReader> readers = session.keys(Collections.nCopies(count, key));
            for (KeyReader reader : readers) {
                reader.awaitFirst();
            }
            Round round = new Round(count);
            for (KeyReader reader : readers) {
                startVirtual(() -> round.follow(reader));
            }
            double[] millis = new double[extent.rounds];
            for (int sequence = 1; sequence <= extent.rounds * 2; sequence++) { // half to warm up
                long before = System.nanoTime();
                session.put(
                        key, ByteBuffer.allocate(VALUE_BYTES).putInt(sequence).array());
                double took = (round.awaitAll() - before) / 1e6;
                if (sequence > extent.rounds) {
                    millis[sequence - extent.rounds - 1] = took;
                }
            }
            Arrays.sort(millis);
            referee.serverWatches(Trials.WATCHERS, count);
            referee.figure(Trials.WATCHERS, count, "p50", "ms", millis[millis.length / 2]);
        }
    }

    private static void startVirtual(Runnable task) throws Exception {
        // This code is compiled for 17.
        MethodHandle start = MethodHandles.publicLookup()
                .findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        try {
            start.invoke(task);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts who has got the newest value. One put is out at a time, so each watcher gets every one. */
    private static final class Round {
        private final int watchers;
        private final AtomicLong received = new AtomicLong();
        private final Semaphore complete = new Semaphore(0);
        private volatile long lastAt;

        Round(int watchers) {
            this.watchers = watchers;
        }

        void follow(KeyReader reader) {
            try {
                while (true) {
                    reader.next();
                    if (received.incrementAndGet() % watchers == 0) {
                        lastAt = System.nanoTime();
                        complete.release();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                if (complete.hasQueuedThreads()) { // else it is the end
                    throw e;
                }
            }
        }

        long awaitAll() throws InterruptedException {
            complete.acquire();
            return lastAt;
        }
    }
}
