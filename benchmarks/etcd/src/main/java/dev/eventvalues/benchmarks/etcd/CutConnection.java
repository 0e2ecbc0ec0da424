package dev.eventvalues.benchmarks.etcd;

import java.util.List;

/** The connection is cut with many values watched: how long until the client says that all are up to date again. */
final class CutConnection implements Trial {
    private static final int VALUE_BYTES = 16;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        int count = extent.cut;
        referee.fill("cut/", count, VALUE_BYTES);
        try (EtcdSession session = peer.open()) {
            List<KeyReader> readers = session.keys(Keys.of("cut/", 0, count));
            for (KeyReader reader : readers) {
                reader.awaitFirst();
            }
            awaitFresh(readers);
            long before = System.nanoTime();
            referee.cut();
            while (readers.get(count - 1).isFresh()) {
                Thread.sleep(1); // until it notices
            }
            awaitFresh(readers);
            referee.figure(Trials.CUT, count, "time", "ms", (System.nanoTime() - before) / 1e6);

            byte[] value = new byte[VALUE_BYTES];
            value[0] = 1;
            session.put(Keys.of("cut/", count - 1), value);
            if (readers.get(count - 1).next()[0] != 1) {
                throw new IllegalStateException("another value came");
            }
        }
    }

    /** Again from the start when one was not: while that one was awaited, another may have ceased to be. */
    private static void awaitFresh(List<KeyReader> readers) throws InterruptedException {
        boolean waited = true;
        while (waited) {
            waited = false;
            for (KeyReader reader : readers) {
                while (!reader.isFresh()) {
                    waited = true;
                    Thread.sleep(1);
                }
            }
        }
    }
}
