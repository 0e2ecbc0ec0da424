package dev.eventvalues.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A {@code set} and the {@code next} that finds it ready, on one thread. */
@State(Scope.Benchmark)
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
public class ReadyBenchmark {
    @Param("EVENT_VALUES")
    Contender entrant;

    private final States states = new States();
    private Peer<Object> cell;
    private Object reader;

    /** Opens the only reader. */
    @Setup
    public void open() throws InterruptedException {
        cell = entrant.cell();
        reader = cell.open();
        cell.next(reader);
    }

    /** Measured; fails when anything else is delivered. */
    @Benchmark
    public void setAndNext(CpuTime time) throws InterruptedException {
        Object state = states.next();
        cell.set(state);
        if (cell.next(reader) != state) {
            throw new AssertionError("not what was set");
        }
    }
}
