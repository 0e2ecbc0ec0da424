package dev.eventvalues.benchmarks;

import dev.eventvalues.MemoryValue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A {@code set} and the {@code next} that finds it ready, through views or by hand. */
@State(Scope.Benchmark)
public class ViewsBenchmark {
    @Param("MAP")
    Chain entrant;

    @Param("1")
    int depth;

    private final Links states = new Links();
    private final MemoryValue<Links.Link> value = new MemoryValue<>(states.next());
    private Chain.Reader reader;

    /** What the last state is delivered as; moves in step with the states, so that checking costs no more than a look. */
    private Links.Link expected;

    /** Opens the only reader. */
    @Setup
    public void open() throws InterruptedException {
        reader = entrant.open(value, depth);
        expected = reader.next();
    }

    /** Measured; fails when anything else is delivered. */
    @Benchmark
    public void setAndNext(CpuTime time) throws InterruptedException {
        expected = expected.next();
        value.set(states.next());
        if (reader.next() != expected) {
            throw new AssertionError("not what was set");
        }
    }
}
