package dev.eventvalues.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A reader opened, read once and closed, on a value that is set, while others are open that do not wait. */
@State(Scope.Benchmark)
public class WatchBenchmark {
    @Param("EVENT_VALUES")
    Contender entrant;

    @Param("0")
    int others;

    private Peer<Object> cell;
    private Object[] readers;

    /** Opens the others; each has read once. */
    @Setup
    public void open() throws InterruptedException {
        cell = entrant.cell();
        readers = new Object[others];
        for (int i = 0; i < others; i++) {
            readers[i] = cell.open();
            cell.next(readers[i]);
        }
    }

    /** Measured. */
    @Benchmark
    public Object watchNextClose(CpuTime time) throws InterruptedException {
        Object reader = cell.open();
        Object state = cell.next(reader);
        cell.close(reader);
        return state;
    }
}
