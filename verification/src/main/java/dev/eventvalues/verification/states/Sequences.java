package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.RangeView;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every sequence of so many things that can happen to a feed of two keys, after some beginnings. What is shown is judged
 * after each; after the last of a sequence all goes well again, and consumers that looked at any of the states between are
 * told what became of it.
 *
 * <p>Machines are immutable, so sequences that begin alike share the work. A seed stands for a beginning and the first two
 * things that happen: all seeds from 1 to {@link #SEEDS} are all sequences.
 */
final class Sequences {
    /** What can happen. */
    enum Act {
        PUT_A,
        PUT_A_EMPTY,
        DELETE_A,
        PUT_B,
        PUT_B_EMPTY,
        DELETE_B,
        PUT_BOTH,
        DELETE_BOTH,
        COMPACT,
        ANSWER,
        ANSWER_WITH_ALL,
        ANSWER_IN_PART,
        PROGRESS,
        PROVE,
        SEND_TWICE,
        REPEAT_A_LATE_ANSWER,
        REFUSE,
        DISCONNECT
    }

    /** What has happened before. All have two keys in pages of one. */
    private static final List<List<Act>> BEGINNINGS = List.of(
            List.of(Act.PUT_BOTH),
            List.of(Act.PUT_BOTH, Act.ANSWER),
            List.of(Act.PUT_BOTH, Act.ANSWER, Act.ANSWER, Act.ANSWER),
            List.of(
                    Act.PUT_BOTH,
                    Act.ANSWER,
                    Act.ANSWER,
                    Act.ANSWER,
                    Act.DISCONNECT,
                    Act.DELETE_B,
                    Act.PUT_A,
                    Act.COMPACT));

    private static final int ACTS = Act.values().length;

    /** How many seeds there are. */
    static final int SEEDS = BEGINNINGS.size() * ACTS * ACTS;

    private static final Span SPAN = new Span(Key.of("a"), Key.of("c"));
    private static final int[] KEYS = Keys.in(SPAN);

    /** So that one of the keys is read again when a watch breaks, and both are too many. */
    private static final int PAGE_KEYS = 1;

    private static final int PATIENCE = 40;

    /** To look at everything that a machine keeps alive takes longer than all else. */
    private static final int BOUND_CHECKED_ONCE_IN = 16;

    /**
     * Where a sequence has come to, but for the store and the connection.
     *
     * @param command what runs
     * @param opened whether the watch that runs was accepted
     * @param next the next revision that the watch is to tell
     * @param inStep whether the server has looked at what had happened before the watch
     * @param rest what is left of a revision
     * @param late the last answer to the command before
     * @param last the last answer to this one
     * @param requests since a rest or news
     */
    private record Point(
            Candidate.Machine machine,
            Command command,
            boolean opened,
            long next,
            boolean inStep,
            List<Change> rest,
            @Nullable Event late,
            @Nullable Event last,
            int requests) {
        Point open(long revision) {
            return new Point(machine, command, true, next, next > revision, rest, late, last, requests);
        }

        Point with(long following, List<Change> left) {
            return new Point(machine, command, opened, following, true, left, late, last, requests);
        }
    }

    private final Candidate candidate;
    private final Referee referee = new Referee(KEYS);
    private final Store store = Store.empty(1, 7, 100);

    /** Of the one connection. */
    private @Nullable Proof proof;

    private final Pulse pulse = () -> proof;

    private final List<Act> path = new ArrayList<>();
    private final List<Candidate.Machine> machines = new ArrayList<>();
    private long now = 1_000 * Clock.MILLIS;

    private long sequences;
    private long steps;

    /** What was wrong first; null if nothing. */
    private Invariant.@Nullable Broken broken;

    private Sequences(Candidate candidate) {
        this.candidate = candidate;
    }

    /**
     * What came of it.
     *
     * @param sequences how many there were
     * @param steps how many states were judged on the way to their ends
     * @param broken the first that was wrong, and how; null if none was
     */
    record Outcome(long sequences, long steps, Invariant.@Nullable Broken broken) {}

    /** Tries all sequences of a seed. */
    static Outcome run(Candidate candidate, long seed, int length) {
        int number = (int) ((seed - 1) % SEEDS);
        Sequences all = new Sequences(candidate);
        List<Act> first = new ArrayList<>(BEGINNINGS.get(number / (ACTS * ACTS)));
        int beginning = first.size();
        first.add(Act.values()[number / ACTS % ACTS]);
        first.add(Act.values()[number % ACTS]);
        Point start = all.start();
        try {
            all.follow(start, first, 0, beginning + length);
        } catch (Invariant.Broken e) {
            all.broken = e.after(all.path);
        }
        return new Outcome(all.sequences, all.steps, all.broken);
    }

    private Point start() {
        Candidate.Machine machine = candidate.start(SPAN, Candidate.limits(PAGE_KEYS));
        return new Point(machine, Objects.requireNonNull(machine.command()), false, 0, false, List.of(), null, null, 1);
    }

    /** Goes through what is given, and then through everything that is possible, up to a length. */
    private void follow(Point point, List<Act> given, int depth, int length) {
        machines.add(point.machine);
        if (depth == length) {
            sequences++;
            conclude(point);
        } else if (depth < given.size()) {
            step(point, given.get(depth), given, depth, length);
        } else {
            for (Act act : Act.values()) {
                step(point, act, given, depth, length);
            }
        }
        machines.remove(machines.size() - 1);
    }

    private void step(Point point, Act act, List<Act> given, int depth, int length) {
        int applied = store.last();
        Proof before = proof;
        long then = now;
        path.add(act);
        now += 100 * Clock.MILLIS;
        Point next = after(point, act);
        if (next != null) {
            steps++;
            follow(next, given, depth + 1, length);
        }
        path.remove(path.size() - 1);
        now = then;
        proof = before;
        store.rewind(applied);
    }

    /** Where it comes to; null if that cannot happen here. */
    private @Nullable Point after(Point point, Act act) {
        return switch (act) {
            case PUT_A -> write(point, put(0));
            case PUT_A_EMPTY -> write(point, new Store.Write(0, ""));
            case DELETE_A -> write(point, new Store.Write(0, null));
            case PUT_B -> write(point, put(1));
            case PUT_B_EMPTY -> write(point, new Store.Write(1, ""));
            case DELETE_B -> write(point, new Store.Write(1, null));
            case PUT_BOTH -> write(point, put(0), put(1));
            case DELETE_BOTH -> write(point, new Store.Write(0, null), new Store.Write(1, null));
            case COMPACT -> compact(point);
            case ANSWER -> answer(point, 1, false);
            case ANSWER_WITH_ALL -> isTelling(point) && point.next < store.revision() ? answer(point, 9, false) : null;
            case ANSWER_IN_PART -> isTelling(point) && point.rest.isEmpty() ? answer(point, 2, true) : null;
            case PROGRESS ->
                isTold(point) && point.rest.isEmpty()
                        ? told(point, new Event.Progressed(point.command.ticket(), store.revision()))
                        : null;
            case PROVE -> isTold(point) ? prove(point) : null;
            case SEND_TWICE ->
                point.last instanceof Event.Updated updated && !updated.fragment() && point.rest.isEmpty()
                        ? told(point, updated)
                        : null;
            case REPEAT_A_LATE_ANSWER -> point.late == null ? null : told(point, point.late);
            case REFUSE ->
                point.command instanceof Command.Rest
                        ? null
                        : told(point, new Event.Failed(point.command.ticket(), Wire.denied()));
            case DISCONNECT ->
                point.command instanceof Command.Rest
                        ? null
                        : told(
                                point,
                                point.command instanceof Command.Follow
                                        ? new Event.Lost(point.command.ticket(), Wire.trouble("cut"), 1)
                                        : new Event.Failed(point.command.ticket(), Wire.trouble("cut")));
        };
    }

    // ---- what happens to the store

    /** Values go to and fro, so that a key may come back to what it was. */
    private Store.Write put(int key) {
        var held = store.at(store.revision())[key];
        return new Store.Write(key, held != null && Referee.text(held).equals("x") ? "y" : "x");
    }

    private @Nullable Point write(Point point, Store.Write... writes) {
        return store.write(Arrays.asList(writes), now) ? point : null;
    }

    private @Nullable Point compact(Point point) {
        if (store.head().compacted() == store.revision()) {
            return null;
        }
        store.compact(store.revision());
        return point;
    }

    // ---- what the server tells

    private boolean isTelling(Point point) {
        return point.opened && (point.next <= store.revision() || !point.rest.isEmpty());
    }

    private boolean isTold(Point point) {
        return point.opened && point.next > store.revision();
    }

    /** What the server says next to the command that runs; of a watch, what so many revisions brought, or a part of it. */
    private @Nullable Point answer(Point point, int revisions, boolean inPart) {
        long ticket = point.command.ticket();
        if (point.command instanceof Command.Rest) {
            return told(point, new Event.Rested(ticket));
        }
        if (point.command instanceof Command.Confirm) {
            return told(point, new Event.Confirmed(ticket, store.origin(store.head())));
        }
        if (point.command instanceof Command.Read read) {
            return told(point, store.page(ticket, store.head(), KEYS, read.from(), read.revision(), 1, 1));
        }
        if (!point.opened) {
            long from = ((Command.Follow) point.command).revision(); // what else the store has told is not known here
            return told(
                    point.open(store.revision()), new Event.Opened(ticket, store.origin(store.head()), from, pulse, 1));
        }
        if (!point.rest.isEmpty()) {
            return told(point.with(point.next, List.of()), new Event.Updated(ticket, point.rest, false));
        }
        if (point.next > store.revision()) {
            return null;
        }
        if (!point.inStep && point.next < store.head().compacted()) {
            return told(point, new Event.Compacted(ticket));
        }
        return tell(point, ticket, revisions, inPart);
    }

    private @Nullable Point tell(Point point, long ticket, int revisions, boolean inPart) {
        List<Change> changes = new ArrayList<>();
        long next = point.next;
        for (int i = 0; i < revisions && next <= store.revision(); i++, next++) {
            // old releases lose removals at the very revision that was compacted, if that is the first wanted
            boolean losing = !point.inStep && next == store.head().compacted();
            for (Change change : store.changes(next, KEYS)) {
                if (change.item() != null || !losing || next != point.next) {
                    changes.add(change);
                }
            }
        }
        if (inPart) {
            return changes.size() < 2
                    ? null
                    : told(
                            point.with(next, List.copyOf(changes.subList(1, changes.size()))),
                            new Event.Updated(ticket, List.of(changes.get(0)), true));
        }
        Point behind = point.with(next, List.of());
        return changes.isEmpty() ? behind : told(behind, new Event.Updated(ticket, changes, false));
    }

    private Point prove(Point point) {
        proof = new Proof(now, Instant.ofEpochSecond(0, now), store.head().term());
        return told(point, new Event.Proved(point.command.ticket()));
    }

    /** The machine takes an event. */
    private Point told(Point point, Event event) {
        Known before = point.machine.known();
        Candidate.Machine machine;
        try {
            machine = point.machine.step(event, now);
        } catch (RuntimeException e) {
            throw Invariant.SENSE.broken(event + " made the machine fail: " + e);
        }
        Known known = machine.known();
        referee.shown(before, store, known, store, false);
        Proof newest = Referee.freshBy(known, Link.STALE_NANOS, now, Instant.ofEpochSecond(0, now));
        if (newest != null) {
            referee.fresh(known, newest, store, store);
        }
        boolean news = known.revision() != before.revision() || event instanceof Event.Lost;
        int requests = news ? 0 : point.requests;
        Command next = machine.command();
        if (next == null) {
            return new Point(
                    machine,
                    point.command,
                    point.opened,
                    point.next,
                    point.inStep,
                    point.rest,
                    point.late,
                    event.ticket() == point.command.ticket() ? event : point.last,
                    requests);
        }
        boolean goesOn = next instanceof Command.Read read && !read.from().equals(SPAN.from());
        int now = next instanceof Command.Rest ? 0 : goesOn ? requests : requests + 1;
        if (now > Referee.REQUESTS_WITHOUT_REST) {
            throw Invariant.POLITE.broken("request " + now + " without a rest: " + next);
        }
        long from = next instanceof Command.Follow follow ? Math.max(follow.revision(), 2) : 0;
        return new Point(machine, next, false, from, false, List.of(), event, null, now);
    }

    // ---- the end of a sequence

    /** From here on all goes well. */
    private void conclude(Point end) {
        int applied = store.last();
        long then = now;
        Proof before = proof;
        Point point = settled(end);
        if (candidate.tellsFreshness()) {
            now += 1_000 * Clock.MILLIS;
            point = prove(point);
            if (Referee.freshBy(point.machine.known(), Link.STALE_NANOS, now, Instant.ofEpochSecond(0, now)) == null) {
                throw Invariant.FRESH_AGAIN.broken(Referee.show(point.machine.known()));
            }
        }
        store.write(List.of(new Store.Write(0, "once more"), new Store.Write(1, null)), now);
        Point last = settled(point);
        RangeView view = new RangeView();
        Consumer eager = new Consumer(candidate.watch(view), KEYS);
        Known seen = Known.NOTHING;
        for (Candidate.Machine machine : machines) {
            eager.look(machine);
            if (machine.known().items() != seen.items()) {
                seen = machine.known();
                Consumer slow = new Consumer(candidate.watch(view), KEYS);
                slow.look(machine);
                look(slow, point, last);
            }
        }
        look(eager, point, last);
        Consumer asleep = new Consumer(candidate.watch(view), KEYS);
        asleep.look(last.machine);
        asleep.agree(store);
        if (sequences % BOUND_CHECKED_ONCE_IN == 0 && Reachable.items(last.machine) > 1) {
            throw Invariant.BOUNDED.broken("more than one item is kept to show one");
        }
        store.rewind(applied);
        now = then;
        proof = before;
    }

    private void look(Consumer consumer, Point healed, Point last) {
        consumer.look(healed.machine);
        consumer.look(last.machine);
        consumer.agree(store);
    }

    private Point settled(Point end) {
        Point point = end;
        for (int i = 0; i < PATIENCE; i++) {
            if (isTold(point) && point.rest.isEmpty()) {
                return point;
            }
            now += 100 * Clock.MILLIS;
            point = Objects.requireNonNull(answer(point, 1, false));
        }
        throw Invariant.CONVERGENCE.broken("not after " + PATIENCE + " answers: " + point.machine);
    }
}
