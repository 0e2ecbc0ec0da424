package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.RangeView;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is tried: the product, or something broken in its place. */
interface Candidate {
    /** What it is called in the ledger and in messages. */
    String title();

    /** Starts to follow a span. */
    Machine start(Span span, Limits limits);

    /** A consumer of what one of its machines shows. */
    Position watch(RangeView view);

    /** Whether it says how fresh what it shows is. */
    default boolean tellsFreshness() {
        return true;
    }

    /** Follows a span. Immutable, so a search can go on from it in several ways. */
    interface Machine {
        /** The machine after an event. */
        Machine step(Event event, long nanoTime);

        /** What the last step wants done; null to go on with what runs. */
        @Nullable
        Command command();

        /** What it shows. */
        Known known();

        /** The ticket of the watch that runs; -1 if none does. */
        long watching();
    }

    /** A consumer, who looks now and then. */
    interface Position {
        /** What it is told now: of each key that differs what it was and what it is, null for absent. */
        List<Told> look(Machine machine);
    }

    /**
     * A difference that a consumer is told of.
     *
     * @param key which
     * @param before what it was told to hold before; null if it was absent, or if it is not told
     * @param after what it holds now; null if it is absent
     */
    record Told(int key, @Nullable String before, @Nullable String after) {}

    /** None is reached with the keys there are here, but for those of a page. */
    static Limits limits(int pageKeys) {
        return new Limits(1_000, 1_000_000, pageKeys);
    }

    /** The product. */
    Candidate PRODUCT = new Candidate() {
        @Override
        public String title() {
            return "the product";
        }

        @Override
        public Machine start(Span span, Limits limits) {
            return new Product(Follower.start(span, limits));
        }

        @Override
        public Position watch(RangeView view) {
            return new Differences(view);
        }
    };

    /** The product's machine after a step. */
    record Product(Follower.Step last) implements Machine {
        @Override
        public Machine step(Event event, long nanoTime) {
            return new Product(last.next().step(event, nanoTime));
        }

        @Override
        public @Nullable Command command() {
            return last.command();
        }

        @Override
        public Known known() {
            return last.next().known();
        }

        @Override
        public long watching() {
            return last.next().watching();
        }
    }

    /** The product's differences. */
    final class Differences implements Position {
        private final RangeView view;
        private final RangeView.Position position = new RangeView.Position();

        Differences(RangeView view) {
            this.view = view;
        }

        @Override
        public List<Told> look(Machine machine) {
            if (machine.known().items() == null) {
                return List.of();
            }
            var changes = position.look(view, machine.known());
            if (changes == null) {
                return List.of();
            }
            List<Told> told = new ArrayList<>(changes.changes().size());
            for (var change : changes.changes()) {
                int key = Keys.number(change.key());
                if (change instanceof dev.eventvalues.etcd.Change.Added<String> added) {
                    told.add(new Told(key, null, added.value()));
                } else if (change instanceof dev.eventvalues.etcd.Change.Updated<String> updated) {
                    told.add(new Told(key, updated.before(), updated.after()));
                } else if (change instanceof dev.eventvalues.etcd.Change.Removed<String> removed) {
                    told.add(new Told(key, removed.before(), null));
                }
            }
            return told;
        }
    }
}
