package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cluster, a client with many feeds, and those who look at them; what happens next is said by a {@link Schedule}. */
final class Simulation {
    private static final List<Span> SPANS = List.of(
            new Span(Key.of("a"), Key.of("f")),
            Span.of(Key.of("b")),
            new Span(Key.of("b"), Key.of("d")),
            Span.of(Key.of("a")),
            Span.prefix(Key.of("")));

    final Clock clock = new Clock();
    final Cluster cluster;
    final Wire wire;
    final List<Feed> feeds = new ArrayList<>();
    final int pageSize;

    /** Whether less than all keys fit into a page, so that some spans are too large to be read after each break. */
    final boolean smallPages;

    final Limits limits;

    /** Whether the servers are of a release that loses removals at the compacted revision. */
    final boolean oldRelease;

    /** The dice of the step that runs. */
    Dice dice;

    /** False once all faults have ended. */
    boolean faulty = true;

    private final List<Fault> faults;
    private final Map<Fault, Long> happened = new EnumMap<>(Fault.class);
    private final @Nullable List<String> log;

    /**
     * Creates it, all of it drawn by the dice.
     *
     * @param log gets what happens, if it is wanted
     */
    Simulation(Candidate candidate, Dice dice, @Nullable List<String> log) {
        this.dice = dice;
        this.log = log;
        this.faults = Arrays.stream(Fault.values())
                .filter(fault -> fault == Fault.LOST_EVENTS
                        ? candidate.equals(Candidate.PRODUCT) && dice.oneIn(16)
                        : dice.oneIn(2))
                .toList();
        this.cluster = new Cluster(clock, dice.oneIn(3) ? 1 : 3);
        this.wire = new Wire(this);
        this.pageSize = 1 + dice.below(4);
        this.smallPages = dice.oneIn(2);
        this.limits = Candidate.limits(smallPages ? 1 + dice.below(Keys.COUNT - 1) : Keys.COUNT);
        this.oldRelease = dice.oneIn(2);
        int count = 1 + dice.below(4);
        int first = dice.below(SPANS.size());
        for (int i = 0; i < count; i++) {
            Span span = SPANS.get((first + i) % SPANS.size());
            feeds.add(new Feed(this, candidate, span, 1 + dice.below(3)));
        }
        clock.run(() -> feeds.forEach(Feed::begin));
    }

    List<Fault> faults() {
        return faults;
    }

    /** Whether a fault happens now that happens by itself. */
    boolean happens(Fault fault) {
        if (faulty && faults.contains(fault) && dice.oneIn(3)) {
            count(fault);
            return true;
        }
        return false;
    }

    void count(Fault fault) {
        happened.merge(fault, 1L, Long::sum);
        log(() -> "* " + fault.what);
    }

    Map<Fault, Long> happened() {
        return happened;
    }

    /** Nothing counts as fresh wrongly. */
    boolean areFresh() {
        boolean fresh = true;
        for (Feed feed : feeds) {
            fresh &= feed.isFresh();
        }
        return fresh;
    }

    void log(Supplier<String> line) {
        if (log != null) {
            log.add(clock.now() / Clock.MILLIS + " ms: " + line.get());
        }
    }
}
