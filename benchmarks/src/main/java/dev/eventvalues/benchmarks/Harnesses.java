package dev.eventvalues.benchmarks;

import java.util.List;
import java.util.Locale;

/** All of them, by the name of their row. */
@SuppressWarnings("ImmutableEnumChecker") // harnesses have no state
enum Harnesses {
    HANDOFF_VIRTUAL(new HandOff("handoff-virtual", true)),
    HANDOFF_PLATFORM(new HandOff("handoff-platform", false)),
    WAKE(new WakeUp<>(
            "wake",
            Contender.waiting(),
            VirtualThreads.exist(),
            20,
            31,
            (contender, size) -> new ThreadCrowd(contender.cell(), size))),
    WAKE_ASYNC(new WakeUp<>("wake-async", List.of(AsyncReader.values()), true, 100, 51, AsyncCrowd::new)),
    HEAP_IDLE(new HeapPerWatcher()),
    HEAP_BLOCKED(new HeapPerWaiter()),
    TIMED_OUT(new TimedOut());

    private final Harness<?> harness;

    Harnesses(Harness<?> harness) {
        this.harness = harness;
    }

    String rowName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Harness<?> harness() {
        return harness;
    }
}
