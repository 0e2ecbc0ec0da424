package dev.eventvalues.benchmarks.etcd;

import java.util.Arrays;
import java.util.function.IntSupplier;

/** A whole range, read for the first time and held. */
final class FirstSnapshot implements Trial {
    private static final int VALUE_BYTES = 100;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        for (int size : extent.snapshots) {
            String prefix = "snapshot/" + size + "/";
            referee.fill(prefix, size, VALUE_BYTES);
            double[] millis = new double[ROUNDS];
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                // A connection of its own each time, so that nothing is there yet.
                try (EtcdSession session = peer.open()) {
                    session.put("other", new byte[VALUE_BYTES]);
                    long heap = round < ROUNDS - 1 ? 0 : Heap.used();
                    long before = System.nanoTime();
                    IntSupplier snapshot = session.snapshot(prefix);
                    double took = (System.nanoTime() - before) / 1e6;
                    if (round >= 0) {
                        millis[round] = took;
                    }
                    if (round == ROUNDS - 1) {
                        double bytes = (double) size * (Keys.of(prefix, 0).length() + VALUE_BYTES);
                        referee.figure(Trials.SNAPSHOT, size, "heap", "×", (Heap.used() - heap) / bytes);
                    }
                    if (snapshot.getAsInt() != size) {
                        throw new IllegalStateException(snapshot.getAsInt() + " keys of " + size);
                    }
                }
            }
            Arrays.sort(millis);
            referee.figure(Trials.SNAPSHOT, size, "time", "ms", millis);
        }
    }
}
