package dev.eventvalues.benchmarks;

/** Distinct states, allocated beforehand so that no measurement counts their allocation. */
final class States {
    private static final int COUNT = 1024;

    private final Object[] states = new Object[COUNT];
    private int turn;

    States() {
        for (int i = 0; i < COUNT; i++) {
            states[i] = new Object();
        }
    }

    Object next() {
        return states[turn++ & (COUNT - 1)];
    }
}
