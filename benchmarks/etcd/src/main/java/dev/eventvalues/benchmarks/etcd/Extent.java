package dev.eventvalues.benchmarks.etcd;

import java.util.List;

/** How much is measured. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are
public enum Extent {
    /** Whether it all works; the figures mean nothing. */
    SMOKE(100, 2, List.of(1, 50), 50, 3, List.of(200), List.of(10, 200), 20, 500, 50),
    /** A few minutes. */
    QUICK(
            5_000,
            10,
            List.of(1, 1_000, 100_000),
            10_000,
            30,
            List.of(100_000),
            List.of(100, 100_000),
            500,
            50_000,
            100_000),
    /** With a million keys in one range. */
    FULL(
            20_000,
            20,
            List.of(1, 1_000, 10_000, 100_000),
            10_000,
            100,
            List.of(100_000, 1_000_000),
            List.of(100, 100_000),
            2_000,
            50_000,
            100_000);

    /** How long puts are timed. */
    final int latencyMillis;

    /** In so many turns. */
    final int latencyTurns;

    final List<Integer> values;
    final int watchers;

    /** How often all watchers of one key are woken. */
    final int rounds;

    final List<Integer> snapshots;

    /** Sizes of the ranges in which one key changes. */
    final List<Integer> ranges;

    /** How often. */
    final int changes;

    final int puts;

    /** How many values are watched when the connection is cut. */
    final int cut;

    Extent(
            int latencyMillis,
            int latencyTurns,
            List<Integer> values,
            int watchers,
            int rounds,
            List<Integer> snapshots,
            List<Integer> ranges,
            int changes,
            int puts,
            int cut) {
        this.latencyMillis = latencyMillis;
        this.latencyTurns = latencyTurns;
        this.values = values;
        this.watchers = watchers;
        this.rounds = rounds;
        this.snapshots = snapshots;
        this.ranges = ranges;
        this.changes = changes;
        this.puts = puts;
        this.cut = cut;
    }
}
