package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Trials;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A measure of a row as it is shown: in one table and one chart. */
@SuppressWarnings("ImmutableEnumChecker") // entrants are enums
enum Row {
    SET("set", "cpu", "ns", "idle watchers", "`set` by the number of idle watchers"),
    READY("ready", "cpu", "ns", "", "ready `set` + `next`"),
    READY_ALLOCATED("ready", "allocated", "B", "", "ready `set` + `next`, allocated"),
    SET_ALLOCATED("set", "allocated", "B", "idle watchers", "`set`, allocated"),
    VIEWS("views", "cpu", "ns", "deep", "ready `set` + `next` through views", Chain.values()),
    WATCH("watch", "cpu", "ns", "other idle watchers", "`watch` + `next` + `close`"),
    PRODUCERS("producers", "wall", "ns", "producers", "`set` by several producers, wall time from one to the next"),
    HANDOFF_VIRTUAL("handoff-virtual", "p50", "ns", "", "hand-off between virtual threads, median"),
    HANDOFF_VIRTUAL_99("handoff-virtual", "p99", "ns", "", "hand-off between virtual threads, 99th percentile"),
    HANDOFF_PLATFORM("handoff-platform", "p50", "ns", "", "hand-off between platform threads, median"),
    HANDOFF_PLATFORM_99("handoff-platform", "p99", "ns", "", "hand-off between platform threads, 99th percentile"),
    WAKE_ALL("wake", "all", "µs", "waiting virtual threads", "one `set` until all who waited have it"),
    WAKE_RETURNED("wake", "returned", "µs", "waiting virtual threads", "one `set` until it returns, with waiters"),
    WAKE_ASYNC_ALL(
            "wake-async",
            "all",
            "µs",
            "readers without a thread",
            "one `set` until all readers without a thread have it",
            AsyncReader.values()),
    WAKE_ASYNC_RETURNED(
            "wake-async",
            "returned",
            "µs",
            "readers without a thread",
            "one `set` until it returns, with readers without a thread",
            AsyncReader.values()),
    HEAP_IDLE("heap-idle", "bytes", "B", "idle watchers", "heap per idle watcher"),
    HEAP_BLOCKED("heap-blocked", "bytes", "B", "waiting virtual threads", "heap per blocked watcher and its thread"),
    TIMED_OUT("timed-out", "kept", "B", "rounds", "heap kept by watchers that gave up, all together"),
    ETCD_LATENCY(Trials.LATENCY, "p50", "µs", "", "put to `next` at 500 puts a second, median"),
    ETCD_LATENCY_99(Trials.LATENCY, "p99", "µs", "", "put to `next` at 500 puts a second, 99th percentile"),
    ETCD_LATENCY_RATIO(
            Trials.LATENCY,
            "ratio",
            "×",
            "",
            "put to `next`, median of a turn divided by the stub's of the same round"),
    ETCD_VALUES(Trials.VALUES, "time", "ms", "values", "distinct values until all have a first state"),
    ETCD_VALUES_WATCHED(Trials.VALUES, "watched", "ms", "values", "distinct values until the server watches all"),
    ETCD_VALUES_HEAP(Trials.VALUES, "heap", "B", "values", "distinct values, heap for each beyond key and value"),
    ETCD_VALUES_BEFORE(Trials.VALUES, "before", "MB", "values", "distinct values, memory of the server before"),
    ETCD_VALUES_SERVER(Trials.VALUES, "server", "MB", "values", "distinct values, memory of the server"),
    ETCD_VALUES_THREADS(Trials.VALUES, "threads", "threads", "values", "distinct values, threads of the client"),
    ETCD_WATCHERS(Trials.WATCHERS, "p50", "ms", "watchers", "one put until all watchers of one key have it"),
    ETCD_WATCHERS_SERVER(
            Trials.WATCHERS, "server", "watches", "watchers", "watchers of one key, watches of the server"),
    ETCD_SNAPSHOT(Trials.SNAPSHOT, "time", "ms", "keys", "first snapshot of a range"),
    ETCD_SNAPSHOT_HEAP(Trials.SNAPSHOT, "heap", "×", "keys", "heap of a range, times the bytes of its keys and values"),
    ETCD_CHANGE(Trials.CHANGE, "p50", "µs", "keys", "put of one key in a range to `next`, median"),
    ETCD_PUTS(Trials.PUTS, "rate", "puts/s", "puts", "pipelined puts delivered to one watcher of the range"),
    ETCD_PUTS_KEPT(Trials.PUTS, "kept", "B", "puts", "heap kept for each further put while the watcher stands still"),
    ETCD_CUT(Trials.CUT, "time", "ms", "values", "connection cut, until all watched values are fresh again");

    final String row;
    final String measure;
    final String unit;

    /** What the sizes of the row count; empty if it has only one. */
    final String counted;

    final String title;

    /** Who may have figures, in the order of the lines. */
    final List<? extends Entrant> entrants;

    Row(String row, String measure, String unit, String counted, String title) {
        this(row, measure, unit, counted, title, Contender.values());
    }

    Row(Trials trial, String measure, String unit, String counted, String title) {
        this(trial.rowName(), measure, unit, counted, title, EtcdContender.values());
    }

    Row(String row, String measure, String unit, String counted, String title, Entrant[] entrants) {
        this.row = row;
        this.measure = measure;
        this.unit = unit;
        this.counted = counted;
        this.title = title;
        this.entrants = List.of(entrants);
    }

    /** Whether it is measured with a server. */
    boolean isEtcd() {
        return entrants.contains(EtcdContender.EVENT_VALUES);
    }

    static Set<String> names() {
        return Arrays.stream(values()).map(row -> row.row).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    boolean moreIsBetter() {
        return this == ETCD_PUTS;
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".svg";
    }

    String plainTitle() {
        return title.replace("`", "");
    }
}
