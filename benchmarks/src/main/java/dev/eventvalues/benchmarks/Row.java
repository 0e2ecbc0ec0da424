package dev.eventvalues.benchmarks;

import java.util.List;
import java.util.Locale;

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
    TIMED_OUT("timed-out", "kept", "B", "rounds", "heap kept by watchers that gave up, all together");

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

    Row(String row, String measure, String unit, String counted, String title, Entrant[] entrants) {
        this.row = row;
        this.measure = measure;
        this.unit = unit;
        this.counted = counted;
        this.title = title;
        this.entrants = List.of(entrants);
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".svg";
    }

    String plainTitle() {
        return title.replace("`", "");
    }
}
