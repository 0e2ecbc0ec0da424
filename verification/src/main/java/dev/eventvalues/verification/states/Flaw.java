package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.RangeView;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Tree;
import dev.eventvalues.etcd.state.Trouble;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The product with one mistake each, of those that clients of etcd make. All that is said about the product here would be
 * worth nothing if these were not found.
 */
enum Flaw implements Candidate {
    RESUMES_AT_THE_REVISION_OF_THE_ACCEPTANCE {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            if (event instanceof Event.Opened opened && opened.origin().revision() > revision(follower)) {
                Follower.Step step = trusting(follower, opened, now);
                return step.next()
                        .step(
                                new Event.Progressed(
                                        event.ticket(), opened.origin().revision()),
                                now);
            }
            return follower.step(event, now);
        }
    },

    RESUMES_ONE_REVISION_TOO_LATE {
        @Override
        @Nullable
        Command altered(@Nullable Command command) {
            return command instanceof Command.Follow follow
                    ? new Command.Follow(follow.ticket(), follow.revision() + 1, follow.early() + 1)
                    : command;
        }
    },

    TRUSTS_A_WATCH_THAT_IS_STILL_CATCHING_UP {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            return event instanceof Event.Opened opened ? trusting(follower, opened, now) : follower.step(event, now);
        }
    },

    TAKES_EMPTY_FOR_ABSENT {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            if (event instanceof Event.Page page) {
                return follower.step(
                        with(
                                page,
                                page.items().stream()
                                        .filter(item -> !isEmpty(item.getValue()))
                                        .toList()),
                        now);
            }
            return follower.step(
                    event instanceof Event.Updated updated
                            ? with(
                                    updated,
                                    updated.changes().stream()
                                            .map(change -> isEmpty(change.item())
                                                    ? new Change(change.key(), change.revision(), null)
                                                    : change)
                                            .toList())
                            : event,
                    now);
        }
    },

    KEEPS_WHAT_A_READING_LACKS {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            Tree<Item> held = follower.known().items();
            if (!(event instanceof Event.Page page) || !(running instanceof Command.Read read) || held == null) {
                return follower.step(event, now);
            }
            var items = new TreeMap<Key, Item>();
            held.forEach((key, item) -> {
                boolean inside = key.compareTo(read.from()) >= 0
                        && (!page.more()
                                || key.compareTo(page.items()
                                                .get(page.items().size() - 1)
                                                .getKey())
                                        <= 0);
                if (inside) {
                    items.put(key, item);
                }
            });
            page.items().forEach(item -> items.put(item.getKey(), item.getValue()));
            return follower.step(with(page, List.copyOf(items.entrySet())), now);
        }
    },

    TAKES_A_STORE_THAT_HAS_COME_AS_FAR_FOR_THE_SAME {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            Tree<Item> held = follower.known().items();
            boolean resumes = running instanceof Command.Read read && read.revision() == revision(follower);
            if (!resumes || held == null || !(event instanceof Event.Page page)) {
                return follower.step(event, now);
            }
            List<Map.Entry<Key, Item>> items = new ArrayList<>();
            held.forEach((key, item) -> items.add(Map.entry(key, item)));
            return follower.step(
                    new Event.Page(page.ticket(), page.origin(), List.copyOf(items), false, page.session()), now);
        }
    },

    READS_EACH_PAGE_AT_THE_NEWEST_REVISION {
        @Override
        @Nullable
        Command altered(@Nullable Command command) {
            return command instanceof Command.Read read
                    ? new Command.Read(read.ticket(), read.from(), 0, read.keys())
                    : command;
        }
    },

    TAKES_LATE_ANSWERS {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            return follower.step(running == null ? event : onTime(event, running.ticket()), now);
        }
    },

    SHOWS_HALF_A_REVISION {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            return follower.step(
                    event instanceof Event.Updated updated
                            ? new Event.Updated(updated.ticket(), updated.changes(), false)
                            : event,
                    now);
        }
    },

    LOSES_ALL_FRAGMENTS_BUT_THE_LAST {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            return event instanceof Event.Updated updated && updated.fragment()
                    ? new Follower.Step(follower, null)
                    : follower.step(event, now);
        }
    },

    TAKES_ONE_CHANGE_OF_A_KEY_IN_A_BATCH {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            if (!(event instanceof Event.Updated updated)) {
                return follower.step(event, now);
            }
            Set<Key> seen = new HashSet<>();
            return follower.step(
                    with(
                            updated,
                            updated.changes().stream()
                                    .filter(change -> seen.add(change.key()))
                                    .toList()),
                    now);
        }
    },

    APPLIES_WHAT_IS_SENT_TWICE {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            if (!(event instanceof Event.Updated updated) || updated.changes().isEmpty()) {
                return follower.step(event, now);
            }
            long last = updated.changes().get(updated.changes().size() - 1).revision();
            List<Change> changes = updated.changes().stream()
                    .map(change -> change.revision() <= revision(follower)
                            ? new Change(change.key(), Math.max(last, revision(follower) + 1), change.item())
                            : change)
                    .toList();
            return follower.step(with(updated, changes), now);
        }
    },

    TAKES_A_COMPACTION_FOR_A_FAILURE {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            boolean unnoticed = event instanceof Event.Compacted && running instanceof Command.Follow;
            return follower.step(unnoticed ? new Event.Failed(event.ticket(), BROKEN) : event, now);
        }
    },

    NEVER_RESTS {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            Follower.Step step = follower.step(event, now);
            return step.command() instanceof Command.Rest rest
                    ? step.next().step(new Event.Rested(rest.ticket()), now)
                    : step;
        }
    },

    TAKES_EVERY_STORE_FOR_THE_SAME {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            Origin known = follower.known().origin();
            return follower.step(
                    event instanceof Event.Opened opened
                            ? new Event.Opened(
                                    opened.ticket(),
                                    new Origin(
                                            known.clusterId(),
                                            Math.max(
                                                    known.revision(),
                                                    opened.origin().revision())),
                                    opened.from(),
                                    opened.pulse(),
                                    opened.session())
                            : event,
                    now);
        }
    },

    COUNTS_PROOFS_FROM_THEIR_ARRIVAL {
        @Override
        Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
            return follower.step(
                    event instanceof Event.Opened opened
                            ? new Event.Opened(
                                    opened.ticket(),
                                    opened.origin(),
                                    opened.from(),
                                    new Later(opened.pulse()),
                                    opened.session())
                            : event,
                    now);
        }
    },

    FORGETS_WHAT_IT_TOLD_WHEN_IT_READS_AGAIN {
        @Override
        public Position watch(RangeView view) {
            return new Position() {
                private Position told = new Differences(view);
                private int readings;

                @Override
                public List<Told> look(Machine machine) {
                    if (((Flawed) machine).readings != readings) {
                        readings = ((Flawed) machine).readings;
                        told = new Differences(view);
                    }
                    return told.look(machine);
                }
            };
        }
    },

    COMPARES_ABSENT_AND_EMPTY_AS_EQUAL {
        @Override
        public Position watch(RangeView view) {
            Position all = new Differences(view);
            return machine -> all.look(machine).stream()
                    .filter(told -> !text(told.before()).equals(text(told.after())))
                    .toList();
        }

        private String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    },

    TELLS_EVERY_WRITE {
        @Override
        public Position watch(RangeView view) {
            Position differences = new Differences(view);
            return new Position() {
                private Tree<Item> before = Tree.empty();

                @Override
                public List<Told> look(Machine machine) {
                    List<Told> told = new ArrayList<>(differences.look(machine));
                    Known known = machine.known();
                    Tree<Item> now = known.items() == null ? before : known.items();
                    Tree.diff(before, now, (key, was, is) -> {
                        if (was != null && is != null && was.sameValue(is)) {
                            told.add(new Told(Keys.number(key), Referee.text(was), Referee.text(is)));
                        }
                    });
                    before = now;
                    return told;
                }
            };
        }
    },

    TELLS_NO_REMOVALS {
        @Override
        public Position watch(RangeView view) {
            Position all = new Differences(view);
            return machine -> all.look(machine).stream()
                    .filter(told -> told.after() != null)
                    .toList();
        }
    };

    private static final Trouble BROKEN = new Trouble(Trouble.Kind.UNREACHABLE, "broken");

    /** How long a proof is under way, or more. */
    private static final long LATENCY_NANOS = 30_000_000;

    /** The product's machine, and what a flaw needs to remember. */
    record Flawed(Flaw flaw, Follower.Step last, @Nullable Command running, int readings) implements Machine {
        @Override
        public Machine step(Event event, long nanoTime) {
            Follower.Step step = flaw.step(last.next(), event, running, nanoTime);
            Command command = flaw.altered(step.command());
            boolean read = event instanceof Event.Page && !(command instanceof Command.Read);
            return new Flawed(
                    flaw,
                    new Follower.Step(step.next(), command),
                    command == null ? running : command,
                    read ? readings + 1 : readings);
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

    /** What the product does, unless the flaw is here. */
    Follower.Step step(Follower follower, Event event, @Nullable Command running, long now) {
        return follower.step(event, now);
    }

    /** The command to be run, unless the flaw is here. */
    @Nullable
    Command altered(@Nullable Command command) {
        return command;
    }

    @Override
    public String title() {
        return "flawed: " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public Machine start(Span span, Limits limits) {
        Follower.Step step = Follower.start(span, limits);
        return new Flawed(this, step, step.command(), 0);
    }

    @Override
    public Position watch(RangeView view) {
        return new Differences(view);
    }

    /** Proofs that count from when they were answered. */
    private record Later(Pulse pulse) implements Pulse {
        @Override
        public @Nullable Proof last() {
            Proof proof = pulse.last();
            return proof == null
                    ? null
                    : new Proof(proof.nanoTime() + LATENCY_NANOS, proof.at().plusNanos(LATENCY_NANOS));
        }
    }

    private static long revision(Follower follower) {
        return follower.known().revision();
    }

    private static boolean isEmpty(@Nullable Item item) {
        return item != null && item.value().length == 0;
    }

    /** As if the server had nothing to catch up with. */
    private static Follower.Step trusting(Follower follower, Event.Opened opened, long now) {
        Origin origin = opened.origin();
        long revision = Math.min(origin.revision(), revision(follower));
        return follower.step(
                new Event.Opened(
                        opened.ticket(),
                        new Origin(origin.clusterId(), revision, origin.term()),
                        opened.from(),
                        opened.pulse(),
                        opened.session()),
                now);
    }

    private static Event with(Event.Page page, List<Map.Entry<Key, Item>> items) {
        return new Event.Page(page.ticket(), page.origin(), items, page.more() && !items.isEmpty(), page.session());
    }

    private static Event with(Event.Updated updated, List<Change> changes) {
        return new Event.Updated(updated.ticket(), Collections.unmodifiableList(changes), updated.fragment());
    }

    private static Event onTime(Event event, long ticket) {
        if (event instanceof Event.Updated updated) {
            return new Event.Updated(ticket, updated.changes(), updated.fragment());
        }
        if (event instanceof Event.Page page) {
            return new Event.Page(ticket, page.origin(), page.items(), page.more(), page.session());
        }
        if (event instanceof Event.Progressed progressed) {
            return new Event.Progressed(ticket, progressed.revision());
        }
        return event;
    }
}
