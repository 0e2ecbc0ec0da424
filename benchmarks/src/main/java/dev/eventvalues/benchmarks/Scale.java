package dev.eventvalues.benchmarks;

import java.util.List;

/** How long is measured. More changes the confidence, never the work. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are
enum Scale {
    /** Whether it all works; the figures mean nothing. In the JVM that asks, so a profile of one peer spoils the next. */
    SMOKE(0, 1, 10, List.of(0, 10), List.of(10), 20, 100, 60),
    /** Meant for ten minutes. */
    QUICK(1, 3, 200, List.of(0, 100_000), List.of(1_000, 10_000), 300_000, 50_000, 60),
    /** Meant for ninety minutes. */
    FULL(3, 5, 700, List.of(0, 100, 10_000, 100_000), List.of(1_000, 10_000), 1_000_000, 1_000_000, 300);

    /** JVMs per figure. */
    final int forks;

    /** Measured iterations in each; there are as many to warm up, but not more than three. */
    final int iterations;

    final int iterationMillis;
    final List<Integer> watchers;
    final List<Integer> waiters;
    final int handOffs;
    final int timeouts;

    /** After so long a JVM with a contender counts as hanging. */
    final int limitSeconds;

    Scale(
            int forks,
            int iterations,
            int iterationMillis,
            List<Integer> watchers,
            List<Integer> waiters,
            int handOffs,
            int timeouts,
            int limitSeconds) {
        this.forks = forks;
        this.iterations = iterations;
        this.iterationMillis = iterationMillis;
        this.watchers = watchers;
        this.waiters = waiters;
        this.handOffs = handOffs;
        this.timeouts = timeouts;
        this.limitSeconds = limitSeconds;
    }

    /** How many idle watchers there are beside one that comes and goes. */
    List<Integer> others() {
        return List.of(0, waiters.get(waiters.size() - 1));
    }
}
