package dev.eventvalues.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from {@code set} until a thread that waits in {@code next} has the state.
 *
 * <p>Two threads hand a state back and forth through two cells; a hand-off is half a round. On one processor, because
 * waking an idle one costs twenty times what is measured.
 */
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class HandOff implements Harness<Contender> {
    private final String row;
    private final boolean virtual;

    HandOff(String row, boolean virtual) {
        this.row = row;
        this.virtual = virtual;
    }

    @Override
    public boolean pinned() {
        return true;
    }

    @Override
    public boolean possible() {
        return !virtual || VirtualThreads.exist();
    }

    @Override
    public List<Contender> entrants() {
        return Contender.waiting();
    }

    @Override
    public List<Figure> measure(Contender contender, Scale scale) throws InterruptedException {
        Peer<Object> there = contender.cell();
        Peer<Object> back = contender.cell();
        Object far = there.open();
        Object near = back.open();
        there.next(far);
        back.next(near);

        int warmUp = scale.handOffs / 2;
        long[] nanos = new long[scale.handOffs];
        int rounds = warmUp + nanos.length;
        Outcome outcome = new Outcome(2);
        start(() -> outcome.of(() -> {
            for (int i = 0; i < rounds; i++) {
                back.set(there.next(far));
            }
        }));
        start(() -> outcome.of(() -> {
            States states = new States();
            for (int i = 0; i < rounds; i++) {
                Object state = states.next();
                long began = System.nanoTime();
                there.set(state);
                if (back.next(near) != state) {
                    throw new AssertionError("not what was set");
                }
                if (i >= warmUp) {
                    nanos[i - warmUp] = System.nanoTime() - began;
                }
            }
        }));
        outcome.await();

        Arrays.sort(nanos);
        return List.of(
                Figure.of(row, 1, contender, "p50", "ns", nanos[nanos.length / 2] / 2.0),
                Figure.of(row, 1, contender, "p99", "ns", nanos[(int) (nanos.length * 0.99)] / 2.0));
    }

    private void start(Runnable task) {
        if (virtual) {
            VirtualThreads.start(task);
        } else {
            Thread thread = new Thread(task, "hand-off");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** How the threads of a measurement ended: the first failure, else all well. */
    static final class Outcome {
        private final CountDownLatch running;
        private volatile @Nullable Throwable failure;

        Outcome(int threads) {
            running = new CountDownLatch(threads);
        }

        void of(Work work) {
            try {
                work.run();
                running.countDown();
            } catch (Throwable e) { // also the AssertionError of a peer that delivers something else
                failure = e;
                while (running.getCount() > 0) {
                    running.countDown();
                }
            }
        }

        void await() throws InterruptedException {
            running.await();
            if (failure != null) {
                throw new AssertionError(failure);
            }
        }
    }

    /** What one thread does. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }
}
