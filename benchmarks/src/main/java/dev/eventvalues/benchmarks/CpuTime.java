package dev.eventvalues.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The processor time of the measuring thread: on a busy machine wall time measures the others, too. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Nanoseconds of this iteration, read by JMH. */
    public long cpuNanos;

    private long began;

    /** Starts the clock. */
    @Setup(Level.Iteration)
    public void start() {
        began = THREADS.getCurrentThreadCpuTime();
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() {
        cpuNanos = THREADS.getCurrentThreadCpuTime() - began;
    }
}
