package dev.eventvalues.benchmarks;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways to read without holding a thread, and on which executor. */
@SuppressWarnings("ImmutableEnumChecker") // constructors are
enum AsyncReader implements Entrant {
    ON_CHANGE("onChange, pool", Workers::pool, MemoryCell::onChange),
    NEXT_ASYNC("nextAsync, pool", Workers::pool, MemoryCell::nextAsync),
    ON_CHANGE_DEFAULT("onChange, Default", Workers::dispatchersDefault, MemoryCell::onChange),
    STATE_FLOW_DEFAULT("StateFlow, Default", Workers::dispatchersDefault, FlowCell::stateFlow),
    STATE_FLOW("StateFlow, pool", Workers::pool, FlowCell::stateFlow),
    SHARED_FLOW_DEFAULT("SharedFlow, Default", Workers::dispatchersDefault, FlowCell::sharedFlow),
    SHARED_FLOW("SharedFlow, pool", Workers::pool, FlowCell::sharedFlow),
    BEHAVIOR_PROCESSOR("BehaviorProcessor, pool", Workers::pool, ObservedCell::behaviorProcessor),
    REPLAY_LATEST("Reactor latest, pool", Workers::pool, ObservedCell::replayLatest);

    private final String title;
    private final Supplier<Workers> workers;
    private final Function<Workers, AsyncCell> cell;

    AsyncReader(String title, Supplier<Workers> workers, Function<Workers, AsyncCell> cell) {
        this.title = title;
        this.workers = workers;
        this.cell = cell;
    }

    Workers workers() {
        return workers.get();
    }

    /** A new cell, not set. */
    AsyncCell cell(Workers on) {
        return cell.apply(on);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Side side() {
        return this == ON_CHANGE || this == NEXT_ASYNC || this == ON_CHANGE_DEFAULT ? Side.OURS : Side.PEER;
    }

    /** Coroutines as they come: the fastest there were. */
    @Override
    public @Nullable Entrant reference() {
        return this == STATE_FLOW_DEFAULT ? null : STATE_FLOW_DEFAULT;
    }
}
