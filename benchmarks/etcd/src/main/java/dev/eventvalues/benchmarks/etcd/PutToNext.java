package dev.eventvalues.benchmarks.etcd;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * From the call of put to the return of next, at 500 puts a second: far from what anyone here can do. All clients are
 * connected at once and take turns of a second or less: so that whatever slows the machine slows all of them.
 */
final class PutToNext implements Trial {
    private static final int PER_SECOND = 500;
    private static final int VALUE_BYTES = 100;
    private static final long PERIOD = 1_000_000_000L / PER_SECOND;

    /** At the begin of a turn, the processors' caches are full of the client before. They are not counted. */
    private static final int UNCOUNTED = 50;

    @Override
    public void run(Peer peer, Extent extent, Referee referee) throws Exception {
        try (EtcdSession session = peer.open()) {
            // Others need not be told.
            String key = "latency/" + ProcessHandle.current().pid();
            session.put(key, stamped(0));
            KeyReader reader = session.keys(List.of(key)).get(0);
            reader.awaitFirst();
            referee.turn();
            warmUp(session, key, reader, extent.latencyMillis / 2);
            for (int turn = 0; turn < extent.latencyTurns; turn++) {
                referee.turn();
                int counted = extent.latencyMillis * PER_SECOND / 1_000 / extent.latencyTurns;
                double[] micros = measure(session, key, reader, UNCOUNTED + counted);
                referee.figure(Trials.LATENCY, 1, "p50", "µs", micros[micros.length / 2]);
                referee.figure(Trials.LATENCY, 1, "p99", "µs", micros[micros.length * 99 / 100]);
            }
        }
    }

    /** As fast as it goes: at 500 a second the compilers would take minutes. */
    private static void warmUp(EtcdSession session, String key, KeyReader reader, int millis) throws Exception {
        long before = System.nanoTime();
        for (int i = 1; System.nanoTime() - before < millis * 1_000_000L; i++) {
            session.put(key, stamped(-i));
            reader.next();
        }
    }

    /** {@return what each took that counts, sorted} */
    private static double[] measure(EtcdSession session, String key, KeyReader reader, int puts) throws Exception {
        long before = System.nanoTime();
        FutureTask<double[]> received = new FutureTask<>(() -> {
            double[] micros = new double[puts];
            int count = 0;
            // Two may become one: only the newest is timed, and the last put ends it.
            for (int sequence = 0; sequence < puts; count++) {
                ByteBuffer value = ByteBuffer.wrap(reader.next());
                micros[count] = (System.nanoTime() - value.getLong()) / 1e3;
                sequence = value.getInt();
            }
            return Arrays.copyOfRange(micros, Math.min(UNCOUNTED, count - 1), count);
        });
        Thread thread = new Thread(received, "reader");
        thread.setDaemon(true);
        thread.start();
        for (int sequence = 1; sequence <= puts; sequence++) {
            long due = before + sequence * PERIOD;
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            session.put(key, stamped(sequence));
        }
        double[] micros = received.get();
        Arrays.sort(micros);
        return micros;
    }

    private static byte[] stamped(int sequence) {
        return ByteBuffer.allocate(VALUE_BYTES)
                .putLong(System.nanoTime())
                .putInt(sequence)
                .array();
    }
}
