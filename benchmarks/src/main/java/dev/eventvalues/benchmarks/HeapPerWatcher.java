package dev.eventvalues.benchmarks;

import java.lang.ref.Reference;
import java.util.List;

/** The heap that an idle reader holds, without the reference to it. */
final class HeapPerWatcher implements Harness<Contender> {
    /** Several, as what a JVM frees of its own start would hide what one batch takes. The first is not measured. */
    private static final int BATCHES = 5;

    @Override
    public List<Contender> entrants() {
        List<Contender> all = Contender.waiting();
        all.remove(Contender.PARK);
        return all;
    }

    @Override
    public List<Figure> measure(Contender contender, Scale scale) throws InterruptedException {
        Peer<Object> cell = contender.cell();
        int count = scale == Scale.SMOKE ? 100 : 10_000;
        Object[] readers = new Object[count * (BATCHES + 1)];
        double[] each = new double[BATCHES];
        try {
            open(cell, readers, 0, count);
            long before = Heap.used();
            for (int batch = 1; batch <= BATCHES; batch++) {
                open(cell, readers, batch * count, count);
                long after = Heap.used();
                each[batch - 1] = (double) (after - before) / count;
                before = after;
            }
        } finally {
            Reference.reachabilityFence(readers);
            Reference.reachabilityFence(cell);
        }
        return List.of(Figure.of("heap-idle", count, contender, "bytes", "B", each));
    }

    private static void open(Peer<Object> cell, Object[] readers, int from, int count) throws InterruptedException {
        for (int i = from; i < from + count; i++) {
            readers[i] = cell.open();
            cell.next(readers[i]);
        }
    }
}
