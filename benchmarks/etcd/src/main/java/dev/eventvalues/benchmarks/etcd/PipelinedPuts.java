package dev.eventvalues.benchmarks.etcd;

/** Puts as fast as the server takes them, to one reader of the range: how fast they come, and what is kept when it stops. */
final class PipelinedPuts implements Trial {
    private static final int VALUE_BYTES = 100;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        int puts = extent.puts;
        int some = puts / 5;
        try (EtcdSession session = peer.open()) {
            RangeReader reader = session.range("puts/");
            reader.awaitFirst();
            // All keys differ, so none may be skipped.
            deliver(referee, reader, some);
            referee.figure(Trials.PUTS, puts, "rate", "puts/s", deliver(referee, reader, puts));

            // From the second time on there is an unseen change of every key, and no more.
            referee.write("puts/", some, VALUE_BYTES);
            long heap = Heap.used();
            referee.write("puts/", some, VALUE_BYTES);
            referee.write("puts/", some, VALUE_BYTES);
            referee.figure(Trials.PUTS, puts, "kept", "B", (double) (Heap.used() - heap) / (2 * some));
            reader.next();
        }
    }

    private static double deliver(Referee referee, RangeReader reader, int puts) throws Exception {
        referee.beginToWrite("puts/", puts, VALUE_BYTES);
        int received = reader.next();
        int first = received;
        long before = System.nanoTime();
        while (received < puts) {
            received += reader.next();
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        referee.written();
        return (puts - first) / seconds;
    }
}
