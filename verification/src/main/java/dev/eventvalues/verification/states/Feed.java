package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.RangeView;
import dev.eventvalues.etcd.state.Audit;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A span that is followed by what is tried, with those who look at it: runs its commands, and judges it at each step. */
final class Feed {
    /** How long after an audit has read something the server may still be about to tell it. */
    private static final long AUDIT_GRACE_NANOS = 1_000 * Clock.MILLIS;

    final int[] keys;
    final List<Consumer> consumers = new ArrayList<>();

    private final Simulation simulation;
    private final Span span;
    private final Referee referee;
    private Candidate.Machine machine;

    /** What is shown, and of which store. */
    private Known shown = Known.NOTHING;

    private @Nullable Store shownOf;

    /** Events that may come once more. */
    private final List<Event> late = new ArrayList<>();

    // ---- the command that runs

    private Command command;

    /** Where it runs; null while it waits for a link. */
    private @Nullable Link link;

    private int connection;
    private long sent;
    private @Nullable Watch watch;

    /** The answer to a read that is on its way, and the store that the reading is of. */
    private @Nullable Event answer;

    private @Nullable Store readFrom;

    /** Whether it was at the newest revision. */
    private boolean readNewest;

    /** In which the command was sent. */
    private long session;

    /** Whom: no connection outlives the process that has the store, so another will not answer. */
    private @Nullable Store asked;

    private int requests;

    // ---- audits

    /** The server has not told something that it should have. */
    private boolean deceived;

    private @Nullable Audit audit;
    private @Nullable Link audited;
    private int auditedConnection;

    Feed(Simulation simulation, Candidate candidate, Span span, int consumers) {
        this.simulation = simulation;
        this.span = span;
        this.keys = Keys.in(span);
        this.referee = new Referee(keys);
        RangeView view = new RangeView();
        for (int i = 0; i < consumers; i++) {
            this.consumers.add(new Consumer(candidate.watch(view), keys));
        }
        this.machine = candidate.start(span, simulation.limits);
        this.command = Objects.requireNonNull(machine.command());
    }

    Candidate.Machine machine() {
        return machine;
    }

    /** Starts what {@link #command} says. */
    void begin() {
        simulation.log(() -> "  -> " + command + " of " + span);
        if (link != null && watch != null && link.watches.remove(watch)) {
            late.add(watch.late());
        }
        if (answer != null) {
            late.add(answer);
        }
        watch = null;
        answer = null;
        link = null;
        if (command instanceof Command.Rest rest) {
            requests = 0;
            simulation.clock.after(simulation.wire.rest(rest), () -> accept(new Event.Rested(rest.ticket())));
            return;
        }
        boolean goesOn = command instanceof Command.Read read && !read.from().equals(span.from());
        if (!goesOn && ++requests > Referee.REQUESTS_WITHOUT_REST) {
            throw Invariant.POLITE.broken("request " + requests + " without a rest: " + command);
        }
        go();
    }

    /** Sends it, if it waits and there is a link. */
    void go() {
        if (link != null || command instanceof Command.Rest) {
            return;
        }
        link = simulation.wire.link();
        if (link != null) {
            connection = link.connection;
            asked = simulation.cluster.store();
            session = link.session;
            sent = simulation.clock.now();
            if (command instanceof Command.Follow follow) {
                watch = new Watch(simulation, this, link, follow);
            }
        }
    }

    /** No link is to be had. */
    void delayed(Trouble trouble) {
        if (link == null && !(command instanceof Command.Rest)) {
            accept(new Event.Delayed(command.ticket(), trouble));
        }
    }

    /** Something has happened to the command that runs, or did. */
    void accept(Event event) {
        simulation.clock.run(() -> take(event));
    }

    private void take(Event event) {
        simulation.log(() -> event + " of " + span);
        if (!(event instanceof Event.Rested)) {
            late.add(event);
        }
        Store store = simulation.cluster.store();
        boolean lastPage = event instanceof Event.Page page && page.ticket() == command.ticket() && !page.more();
        try {
            machine = machine.step(event, simulation.clock.now());
        } catch (Invariant.Broken e) {
            throw e;
        } catch (RuntimeException e) {
            throw Invariant.SENSE.broken(event + " made the machine fail: " + e);
        }
        Command next = machine.command();
        boolean otherLink = event instanceof Event.Opened && next instanceof Command.Read;
        if (event instanceof Event.Lost || event instanceof Event.Distrusted || otherLink) {
            requests = 0; // all who lost their watch together wait for a usable member
        }
        boolean read = lastPage && next instanceof Command.Follow;
        boolean told =
                machine.known().epoch() == shown.epoch() && machine.known().revision() > shown.revision();
        show(read ? Objects.requireNonNullElse(readFrom, store) : told ? store : shownOf, read && readNewest);
        if (next != null) {
            command = next;
            begin();
        }
    }

    private void show(@Nullable Store of, boolean newest) {
        Known now = machine.known();
        boolean readAnew = shownOf != null && of != shownOf;
        if (now.equals(shown) && !readAnew) {
            return;
        }
        boolean another = now.items() != null
                && (shown.items() == null || now.epoch() != shown.epoch() || now.items() != shown.items());
        Store from = shownOf;
        if (now.revision() != shown.revision() || now.epoch() != shown.epoch()) {
            requests = 0;
        }
        if (now.items() != null) {
            shownOf = of;
        }
        if (!deceived && (another || readAnew || now.revision() != shown.revision())) {
            simulation.log(() -> "  shows " + Referee.show(now));
            referee.shown(shown, from, now, shownOf, newest);
        }
        shown = now;
    }

    // ---- what the servers do for it

    /** The next thing happens to the command that runs. */
    void serve() {
        if (command instanceof Command.Rest || link == null) {
            return;
        }
        Link where = link;
        if (watch != null) {
            if (!where.dead && !where.closed) {
                watch.serve();
            }
            return;
        }
        boolean gone = answer == null && asked != simulation.cluster.store();
        if (gone || connection != where.connection || (where.dead && simulation.dice.oneIn(6))) {
            fail(Wire.trouble("no answer"));
            simulation.wire.failed(where, sent);
        } else if (answer != null) {
            Event arrived = answer;
            answer = null;
            accept(arrived);
        } else if (!where.dead && simulation.cluster.confirms(where.member)) {
            if (simulation.happens(Fault.REFUSED_READ)) {
                fail(simulation.dice.oneIn(2) ? Wire.denied() : Wire.trouble("too many requests"));
            } else {
                answer = answer(where);
            }
        }
    }

    private Event answer(Link where) {
        Store.Head head = simulation.cluster.head(where.member);
        Store store = simulation.cluster.store();
        if (command instanceof Command.Read read) {
            if (read.from().equals(span.from())) {
                readFrom = store;
                readNewest = read.revision() == 0;
            }
            if (read.keys() > 1 && simulation.happens(Fault.OVERSIZED_PAGE)) {
                return new Event.Oversized(read.ticket(), Wire.trouble("larger than a message may be"));
            }
            return store.page(read.ticket(), head, keys, read.from(), read.revision(), pageSize(read), session);
        }
        return new Event.Confirmed(command.ticket(), store.origin(head));
    }

    /** A server may give less than was asked for. */
    private int pageSize(Command.Read read) {
        return Math.min(read.keys(), simulation.pageSize);
    }

    /** The command fails by itself. */
    void fail(Trouble trouble) {
        if (watch != null && link != null) {
            link.watches.remove(watch);
        }
        accept(new Event.Failed(command.ticket(), trouble));
    }

    boolean isFollowing() {
        return watch != null;
    }

    /**
     * What came before comes again: what answered another command, or events that this watch has told already. But nothing
     * comes between the fragments of a revision, which the server sends in one go.
     */
    void repeatLate() {
        if (!late.isEmpty()) {
            Event event = late.get(simulation.dice.below(late.size()));
            boolean toldBefore = event instanceof Event.Updated updated
                    && !updated.fragment()
                    && watch != null
                    && !watch.isInPieces();
            if (event.ticket() != command.ticket() || toldBefore) {
                accept(event);
            }
        }
    }

    /** Whether everything that has happened has been told. */
    boolean isSettled() {
        return watch != null && link != null && !link.dead && link.watches.contains(watch) && watch.isDone();
    }

    // ---- audits

    /** An event was lost on the way, or never sent: until an audit has found it, nothing can be said. */
    void deceived() {
        deceived = true;
        simulation.log(() -> "  an event is lost");
    }

    /** Reads the span beside the watch; what it finds is for later. */
    void audit() {
        Link where = simulation.wire.link();
        if (audit != null || machine.watching() < 0 || where == null || where.dead) {
            return;
        }
        Audit reading = Audit.of(span, machine.known(), simulation.limits);
        for (Command.Read page = reading.next(0); page != null; page = reading.next(0)) {
            Store store = simulation.cluster.store();
            Event read = store.page(0, store.head(), keys, page.from(), page.revision(), pageSize(page), where.session);
            Audit more = read instanceof Event.Page answered ? reading.with(answered) : null;
            if (more == null) {
                return; // another store, or compacted meanwhile: not this time
            }
            reading = more;
        }
        audit = reading;
        audited = link;
        auditedConnection = connection;
        long revision = simulation.cluster.store().revision();
        simulation.clock.after(AUDIT_GRACE_NANOS, () -> judge(revision));
    }

    private void judge(long revision) {
        Audit judged = Objects.requireNonNull(audit);
        audit = null;
        if (machine.watching() < 0) {
            return;
        }
        Watch told = watch;
        Link by = link;
        boolean sameWatch = told != null
                && by != null
                && Objects.equals(by, audited)
                && connection == auditedConnection
                && !by.dead
                && simulation.cluster.confirms(by.member);
        if (sameWatch) {
            Objects.requireNonNull(told).flushAll(revision);
        }
        boolean trusted = sameWatch && !deceived;
        simulation.clock.run(() -> finish(judged, trusted));
    }

    private void finish(Audit judged, boolean trusted) {
        int lost = machine.watching() < 0 ? 0 : judged.lost(machine.known());
        if (lost > 0 && trusted) {
            throw Invariant.NO_FALSE_ALARM.broken(lost + " keys are said to be lost");
        }
        if (lost > 0) {
            simulation.log(() -> "  an audit finds " + lost);
            accept(new Event.Distrusted(machine.watching()));
        }
    }

    // ---- judging

    /** Whether what is shown counts as fresh, which must be true then. */
    boolean isFresh() {
        Known known = machine.known();
        Proof proof = Referee.freshBy(known, Link.STALE_NANOS, simulation.clock.now(), simulation.clock.wall());
        if (proof == null) {
            return false;
        }
        if (!deceived) {
            referee.fresh(known, proof, shownOf, simulation.cluster.storeAt(proof.nanoTime()));
        }
        return true;
    }

    /** After enough audits, all is as it should be again. */
    void undeceived() {
        if (deceived) {
            deceived = false;
            try {
                referee.shown(Known.NOTHING, null, machine.known(), shownOf, false);
            } catch (Invariant.Broken e) {
                throw Invariant.AUDITED.broken(Objects.requireNonNullElse(e.getMessage(), ""));
            }
        }
    }

    boolean isDeceived() {
        return deceived;
    }

    /** A consumer looks. */
    void look(int consumer) {
        consumers.get(consumer % consumers.size()).look(machine);
    }

    /** After all faults have ended: every consumer looks, and has been told the truth; and no more is kept than needed. */
    void conclude() {
        Store store = simulation.cluster.store();
        for (Consumer consumer : consumers) {
            consumer.look(machine);
            consumer.agree(store);
        }
        int kept = Reachable.items(machine);
        int present =
                machine.known().items() == null ? kept : machine.known().items().size();
        if (kept > present) {
            throw Invariant.BOUNDED.broken(kept + " items are kept of " + span + ", to show " + present);
        }
    }

    @Override
    public String toString() {
        return span + ": " + machine;
    }
}
