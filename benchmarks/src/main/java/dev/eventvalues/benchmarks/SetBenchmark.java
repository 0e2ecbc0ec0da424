package dev.eventvalues.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One {@code set} while readers are open that do not wait. */
@State(Scope.Benchmark)
public class SetBenchmark {
    @Param("EVENT_VALUES")
    Contender entrant;

    @Param("0")
    int watchers;

    private final States states = new States();
    private Peer<Object> cell;
    private Object[] readers;

    /** Opens the readers; each has read once, as one that follows a value has. */
    @Setup
    public void open() throws InterruptedException {
        cell = entrant.cell();
        readers = new Object[watchers];
        for (int i = 0; i < watchers; i++) {
            readers[i] = cell.open();
            cell.next(readers[i]);
        }
    }

    /** Measured. */
    @Benchmark
    public void set(CpuTime time) {
        cell.set(states.next());
    }
}
