package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The heap that a reader blocked on a virtual thread holds, with the thread; the floor is a parked thread. */
final class HeapPerWaiter implements Harness<Contender> {
    private static final int BATCHES = 3;

    /** Frames of code that is not compiled yet take several times the stack. */
    private static final int WARM_UP = 30;

    @Override
    public boolean possible() {
        return VirtualThreads.exist();
    }

    @Override
    public List<Contender> entrants() {
        return Contender.waiting();
    }

    @Override
    public List<Figure> measure(Contender contender, Scale scale) throws InterruptedException {
        int count = scale.waiters.get(scale.waiters.size() - 1);
        int warmUp = scale == Scale.SMOKE ? 1 : WARM_UP;
        States states = new States();
        List<ThreadCrowd> crowds = new ArrayList<>();
        crowds.add(new ThreadCrowd(contender.cell(), count));
        for (int i = 0; i < warmUp; i++) {
            crowds.get(0).wake(states.next());
        }
        double[] each = new double[BATCHES];
        long before = Heap.used();
        for (int i = 0; i < BATCHES; i++) {
            crowds.add(new ThreadCrowd(contender.cell(), count));
            long after = Heap.used();
            each[i] = (double) (after - before) / count;
            before = after;
        }
        for (ThreadCrowd crowd : crowds) {
            crowd.wake(states.next()); // it was alive, and all were waiting
            crowd.end();
        }
        return List.of(Figure.of("heap-blocked", count, contender, "bytes", "B", each));
    }
}
