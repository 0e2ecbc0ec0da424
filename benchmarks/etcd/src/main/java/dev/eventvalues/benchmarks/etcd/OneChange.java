package dev.eventvalues.benchmarks.etcd;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** From the put of one key of a range to the return of next: it must not depend on how many other keys there are. */
final class OneChange implements Trial {
    private static final int VALUE_BYTES = 100;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        for (int size : extent.ranges) {
            String prefix = "change/" + size + "/";
            referee.now(Trials.CHANGE, size);
            referee.fill(prefix, size, VALUE_BYTES);
            try (EtcdSession session = peer.open()) {
                RangeReader reader = session.range(prefix);
                reader.awaitFirst();
                change(session, prefix, reader, size, extent.changes);
                double[] micros = change(session, prefix, reader, size, extent.changes);
                Arrays.sort(micros);
                referee.figure(Trials.CHANGE, size, "p50", "µs", micros[micros.length / 2]);
            }
        }
    }

    /** The thread that puts takes the change, too: the next put comes when there is nothing else to do. */
    private static double[] change(EtcdSession session, String prefix, RangeReader reader, int size, int changes)
            throws Exception {
        double[] micros = new double[changes];
        for (int i = 0; i < changes; i++) {
            String key = Keys.of(prefix, (int) (i * 7_919L % size));
            long before = System.nanoTime();
            // The time makes it differ from the value before: a put that changes nothing need not be told.
            byte[] value = ByteBuffer.allocate(VALUE_BYTES).putLong(before).array();
            session.put(key, value);
            int changed = reader.next();
            micros[i] = (System.nanoTime() - before) / 1e3;
            if (changed != 1) {
                throw new IllegalStateException(changed + " changes after one put");
            }
        }
        return micros;
    }
}
