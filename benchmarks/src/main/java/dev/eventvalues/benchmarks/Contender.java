package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who takes part, in the order of tables and charts, and in what. */
@SuppressWarnings("ImmutableEnumChecker") // the constructors of peers are
public enum Contender implements Entrant {
    EVENT_VALUES("MemoryValue", EventValuesPeer::new, true, true),
    LOCK("lock + condition", LockCell::new, true, true),
    FUTURES("future per version", FuturesCell::new, true, true),
    STATE_FLOW("StateFlow", FlowPeer::stateFlow, true, true),
    SHARED_FLOW("SharedFlow", FlowPeer::sharedFlow, true, true),
    // Its toSerialized() with two producers and onBackpressureLatest does not terminate.
    BEHAVIOR_PROCESSOR("BehaviorProcessor", BehaviorProcessorPeer::new, true, false),
    REPLAY_LATEST("Reactor replay latest", ReplayLatestPeer::new, true, true),
    SUBMISSION_PUBLISHER("SubmissionPublisher", SubmissionPublisherPeer::new, true, true),
    PARK("floor: park/unpark", ParkFloor::new, true, false),
    EXCHANGE("floor: exchange", ExchangeFloor::new, false, true),
    VOLATILE("floor: volatile", VolatileFloor::new, false, true);

    private final String title;
    private final Supplier<Peer<?>> start;
    private final boolean waits;
    private final boolean manyProducers;

    Contender(String title, Supplier<Peer<?>> start, boolean waits, boolean manyProducers) {
        this.title = title;
        this.start = start;
        this.waits = waits;
        this.manyProducers = manyProducers;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Side side() {
        return switch (this) {
            case EVENT_VALUES -> Side.OURS;
            case PARK, EXCHANGE, VOLATILE -> Side.FLOOR;
            default -> Side.PEER;
        };
    }

    @Override
    public @Nullable Entrant reference() {
        return this == LOCK ? null : LOCK;
    }

    /** A new cell, set to a first state. The caller does not care what its readers are. */
    @SuppressWarnings("unchecked")
    Peer<Object> cell() {
        Peer<Object> cell = (Peer<Object>) start.get();
        cell.set("first");
        return cell;
    }

    static List<Contender> setting(int watchers) {
        List<Contender> all = new ArrayList<>(List.of(values()));
        all.remove(PARK); // it is about waking
        if (watchers >= 100_000) {
            all.remove(SUBMISSION_PUBLISHER); // subscribing walks all subscribers: minutes to open so many
        }
        return all;
    }

    static List<Contender> reading() {
        List<Contender> all = new ArrayList<>(List.of(values()));
        all.remove(PARK);
        all.remove(VOLATILE); // it cannot tell a new state from an old one
        return all;
    }

    static List<Contender> opening() {
        List<Contender> all = reading();
        all.remove(SUBMISSION_PUBLISHER); // it forgets the closed only at the next state, and there is none
        return all;
    }

    static List<Contender> producing() {
        List<Contender> all = new ArrayList<>(List.of(values()));
        all.removeIf(contender -> !contender.manyProducers);
        return all;
    }

    static List<Contender> waiting() {
        List<Contender> all = new ArrayList<>(List.of(values()));
        all.removeIf(contender -> !contender.waits);
        return all;
    }
}
