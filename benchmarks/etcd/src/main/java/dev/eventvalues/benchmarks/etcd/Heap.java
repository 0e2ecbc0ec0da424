package dev.eventvalues.benchmarks.etcd;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What the heap holds when everything unreachable is gone. */
final class Heap {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private Heap() {}

    static long used() {
        // More than once: what a cleaner or a reference holds is free one collection later. And only each fourth of the
        // serial
        // collector moves all that is left together; the others leave gaps, which count as used.
        for (int i = 0; i < 4; i++) {
            MEMORY.gc();
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
