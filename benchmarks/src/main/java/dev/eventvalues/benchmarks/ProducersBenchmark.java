package dev.eventvalues.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Several threads that set one cell as fast as they can; nobody reads. */
@State(Scope.Benchmark)
public class ProducersBenchmark {
    @Param("EVENT_VALUES")
    Contender entrant;

    private Peer<Object> cell;

    /** Makes the cell. */
    @Setup
    public void create() {
        cell = entrant.cell();
    }

    /** Measured. */
    @Benchmark
    public void set(Producer producer) {
        cell.set(producer.states.next());
    }

    /** What one thread sets. */
    @State(Scope.Thread)
    public static class Producer {
        private final States states = new States();
    }
}
