package dev.eventvalues.etcd.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Keeps ten thousand feeds that are all refused from asking ten thousand times a second: beyond some, those that have
 * rested wait for their turn. Each that succeeds makes way for several more, so what has been mended is soon back.
 *
 * <p>Everything here runs in the serial context, which guards all fields.
 */
final class Retries {
    /** How many may fail in a second, and how many at once after a quiet time. */
    private static final int RATE = 40;

    private static final int FOR_A_SUCCESS = 4;

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / RATE;

    private final Clockwork clockwork;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int admissible = RATE;
    private boolean ticking;

    Retries(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /** Runs it as soon as it may. */
    void admit(Runnable retry) {
        waiting.add(retry);
        go();
    }

    /** A feed is in step. */
    void succeeded() {
        if (!waiting.isEmpty()) {
            admissible += FOR_A_SUCCESS;
            go();
        }
    }

    private void go() {
        while (admissible > 0 && !waiting.isEmpty()) {
            admissible--;
            waiting.remove().run();
        }
        if (!ticking && admissible < RATE) {
            ticking = true;
            clockwork.after(INTERVAL_NANOS, () -> {
                ticking = false;
                admissible++;
                go();
            });
        }
    }
}
