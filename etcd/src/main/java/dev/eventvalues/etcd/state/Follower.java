package dev.eventvalues.etcd.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of following a span, as data: {@link #step} takes what happened and gives the next state and the command
 * to run. Immutable.
 *
 * <p>The span is read page by page at one revision, then watched from the next one on. When the watch breaks it is
 * resumed behind the last complete revision; when that has been compacted, the span is read again, and the new reading
 * replaces the old as a difference, never as a reset.
 */
public final class Follower {
    /** Once a watch has been up for so long, what failed before it no longer counts. */
    static final long SETTLED_NANOS = 10_000_000_000L;

    /** With more watches than this lost at once, single keys are read again: the server replays much slower. */
    static final int MANY = 64;

    /**
     * How long after it has accepted a watch a server may answer reads and still not have told what had happened before:
     * it looks after such watches ten times a second.
     */
    public static final long CATCH_UP_NANOS = 500_000_000L;

    /** How often a denied watch is not believed while a read of the same keys succeeds. */
    private static final int DISBELIEF = 2;

    private sealed interface Phase {
        /** Reading pages. */
        record Reading(Pages pages) implements Phase {}

        /**
         * Reading a little, linearizably, because a watch could not be opened: a member has named another cluster or an
         * earlier revision, or denied what a read may be allowed.
         */
        record Confirming() implements Phase {}

        /**
         * Waiting for the server to accept the watch.
         *
         * @param early whether it was asked for a revision earlier than is needed
         */
        record Opening(boolean early) implements Phase {}

        /**
         * Watching.
         *
         * @param since when the watch was accepted, if it matters
         * @param fragments the events of a revision whose last have not come
         */
        record Following(long since, List<Change> fragments) implements Phase {
            /** There is nothing that would have to be forgotten after a while. Very many feeds share it. */
            static final Following WITHOUT_FAILURES = new Following(0, List.of());

            Following with(List<Change> pending) {
                return new Following(since, pending);
            }
        }

        /** Resting after a failure; then reading or following again. */
        record Resting(boolean read) implements Phase {}
    }

    /**
     * The outcome of a step.
     *
     * @param next the new state
     * @param command what to do; null to go on with what runs
     */
    public record Step(Follower next, @Nullable Command command) {}

    private final Span span;
    private final Limits limits;
    private final Known known;

    /** What the known items count. */
    private final long bytes;

    private final Phase phase;

    /** The ticket of the command that runs. */
    private final long ticket;

    /** How many attempts have failed in a row. */
    private final int failures;

    private Follower(Span span, Limits limits, Known known, long bytes, Phase phase, long ticket, int failures) {
        this.span = span;
        this.limits = limits;
        this.known = known;
        this.bytes = bytes;
        this.phase = phase;
        this.ticket = ticket;
        this.failures = failures;
    }

    /**
     * Starts to follow a span of which nothing is known.
     *
     * @param span which keys
     * @param limits how much of them is kept
     * @return the first state and command
     */
    public static Step start(Span span, Limits limits) {
        return new Follower(span, limits, Known.NOTHING, 0, new Phase.Opening(false), 0, 0).read(Known.NOTHING, 0);
    }

    /**
     * What is followed.
     *
     * @return the span
     */
    public Span span() {
        return span;
    }

    /**
     * The ticket of the watch that runs.
     *
     * @return -1 if none does
     */
    public long watching() {
        return phase instanceof Phase.Following ? ticket : -1;
    }

    /**
     * Begins to read the span beside the watch.
     *
     * @return before the first page
     */
    public Audit audit() {
        return Audit.of(span, known, limits);
    }

    /**
     * What is known now.
     *
     * @return to be shown to consumers whenever it is another object than before
     */
    public Known known() {
        return known;
    }

    /**
     * Takes an event.
     *
     * @param event what happened
     * @param nanoTime now, on any monotonic clock
     * @return the next state, and what to do
     */
    public Step step(Event event, long nanoTime) {
        if (event.ticket() != ticket) {
            return stay();
        }
        if (event instanceof Event.Failed failed) {
            return failed(failed.trouble(), nanoTime);
        }
        if (event instanceof Event.Lost lost) {
            return lost(lost, nanoTime);
        }
        if (event instanceof Event.Delayed delayed) {
            return tell(delayed.trouble());
        }
        if (event instanceof Event.Compacted) {
            return rest(known, failuresBy(nanoTime), true);
        }
        if (phase instanceof Phase.Reading reading && event instanceof Event.Page page) {
            return page(reading.pages, page);
        }
        if (phase instanceof Phase.Reading reading && event instanceof Event.Oversized oversized) {
            return oversized(reading.pages, oversized.trouble(), nanoTime);
        }
        if (phase instanceof Phase.Confirming && event instanceof Event.Confirmed confirmed) {
            return rest(known, failures, !known.succeeds(confirmed.origin()));
        }
        if (phase instanceof Phase.Opening opening && event instanceof Event.Opened opened) {
            return opened(opening, opened, nanoTime);
        }
        if (phase instanceof Phase.Following following && event instanceof Event.Updated updated) {
            return updated(following, updated, nanoTime);
        }
        if (phase instanceof Phase.Following following && event instanceof Event.Progressed progressed) {
            return progressed(following, progressed.revision());
        }
        if (phase instanceof Phase.Following && event instanceof Event.Doubted doubted) {
            return tell(doubted.trouble());
        }
        if (phase instanceof Phase.Following && event instanceof Event.Proved) {
            return proved();
        }
        if (phase instanceof Phase.Following && event instanceof Event.Distrusted) {
            return read(known, failures);
        }
        if (phase instanceof Phase.Resting resting && event instanceof Event.Rested) {
            return resting.read ? read(known, failures) : follow(known, bytes, failures);
        }
        return stay(); // an event that this phase has no use for
    }

    private Step page(Pages pages, Event.Page page) {
        Origin pinned = pages.origin(page);
        if (!page.origin().succeeds(pinned)) {
            return rest(known, failures, true); // another store answers than that of the first page
        }
        Pages read = pages.with(page);
        Trouble excess = limits.exceededBy(span, read.items().size(), read.bytes());
        if (excess != null) {
            return tooLarge(excess);
        }
        Command.Read next = read.next(ticket + 1);
        return next == null
                ? follow(known.read(read.items(), pinned), read.bytes(), failures)
                : become(known, new Phase.Reading(read), failures, next);
    }

    /** What was read stays: the same page is asked for again, with fewer keys. */
    private Step oversized(Pages pages, Trouble trouble, long nanoTime) {
        Pages smaller = pages.smaller();
        return smaller == null
                ? failed(trouble, nanoTime)
                : become(known.with(trouble), new Phase.Reading(smaller), failures, smaller.next(ticket + 1));
    }

    private Step tooLarge(Trouble excess) {
        Known told = known.with(excess);
        int attempt = failures + 1;
        return become(told, new Phase.Resting(true), failures + 1, new Command.Rest(ticket + 1, attempt, true));
    }

    private Step opened(Phase.Opening opening, Event.Opened opened, long nanoTime) {
        if (!known.succeeds(opened.origin())) {
            // one member's word: it may lag behind, or the store may have been replaced; a linearizable read tells
            return confirm();
        }
        boolean behind = opened.origin().revision() > known.revision();
        if (behind && !opening.early) {
            // The server has to catch up. Old releases lose a removal, silently, if the history has been compacted at
            // its very revision and that is the first one asked for. Asked for the one before, they say that it is
            // compacted.
            return become(known, new Phase.Opening(true), failures, new Command.Follow(ticket + 1, known.revision()));
        }
        // what the store has beyond us may be ours, so only a read that begins once it has been told proves that we
        // have it
        Standing proved = behind ? null : provedBy(opened);
        Standing standing = proved != null
                ? proved
                : known.standing().on(opened.pulse(), behind ? nanoTime + CATCH_UP_NANOS : nanoTime);
        Known now = known.with((Trouble) null).with(standing);
        return become(now, following(nanoTime), failures, null);
    }

    /** What the newest proof proves, unless it is older than the store that answers: one of an earlier term cannot follow. */
    private static @Nullable Standing provedBy(Event.Opened opened) {
        Standing proved = opened.pulse().standing();
        Proof newest = proved == null ? null : proved.proof();
        return newest != null && opened.origin().isNotBeforeTerm(newest.term()) ? proved : null;
    }

    private Phase.Following following(long since) {
        return failures == 0 ? Phase.Following.WITHOUT_FAILURES : new Phase.Following(since, List.of());
    }

    private Step confirm() {
        return become(known, new Phase.Confirming(), failures, new Command.Confirm(ticket + 1));
    }

    private Step updated(Phase.Following following, Event.Updated updated, long nanoTime) {
        boolean first = following.fragments.isEmpty();
        List<Change> changes = updated.changes();
        if (!first) {
            changes = new ArrayList<>(following.fragments);
            changes.addAll(updated.changes());
        }
        if (updated.fragment()) {
            Known held = first ? known.with(known.standing().hold()) : known;
            return become(held, following.with(changes), failures, null);
        }
        if (contradicts(changes)) {
            return rest(known.ofAnotherStore(), failuresBy(nanoTime), true);
        }
        Applied applied = apply(changes);
        Known now = applied.known;
        Trouble excess =
                now.items() == null ? null : limits.exceededBy(span, now.items().size(), applied.bytes);
        if (excess != null) {
            return tooLarge(excess);
        }
        if (!first) {
            now = now.with(now.standing().on(nanoTime));
        }
        // what was told before proves nothing: a stream that breaks behind it each time must still rest longer
        int failuresNow = now.revision() == known.revision() ? failures : 0;
        Phase next = failuresNow == 0 ? Phase.Following.WITHOUT_FAILURES : following.with(List.of());
        return become(now, applied.bytes, next, failuresNow, null);
    }

    /**
     * Whether the last complete revision comes again and was another write: a backup was restored that lacked it, and has
     * overtaken us since, with a log that has seen as many elections.
     */
    private boolean contradicts(List<Change> changes) {
        Tree<Item> items = known.items();
        return items != null
                && changes.stream()
                        .anyMatch(change -> change.revision() == known.revision()
                                && span.contains(change.key())
                                && !isHeld(change, items.get(change.key())));
    }

    private static boolean isHeld(Change change, @Nullable Item held) {
        Item told = change.item();
        return told == null ? held == null : held != null && held.sameWrite(told);
    }

    private record Applied(Known known, long bytes) {}

    private Applied apply(List<Change> changes) {
        Tree<Item> items = known.items();
        long revision = known.revision();
        long size = bytes;
        for (Change change : changes) {
            if (change.revision() <= known.revision() || !span.contains(change.key()) || items == null) {
                continue; // told before, or not ours
            }
            size += Limits.cost(change.key(), change.item()) - Limits.cost(change.key(), items.get(change.key()));
            items = change.item() == null
                    ? items.remove(change.key())
                    : items.put(span.own(change.key()), change.item());
            revision = Math.max(revision, change.revision());
        }
        return revision == known.revision()
                ? new Applied(known, bytes)
                : new Applied(known.at(items, known.origin().at(revision)), size);
    }

    private Step progressed(Phase.Following following, long revision) {
        // events of one revision that come in fragments are not overtaken: progress is for a watch in step
        return revision <= known.revision() || !following.fragments.isEmpty()
                ? stay()
                : become(
                        known.at(known.items(), known.origin().at(revision)),
                        Phase.Following.WITHOUT_FAILURES,
                        0,
                        null);
    }

    /** A cause that consumers may want to know; what runs goes on. */
    private Step tell(@Nullable Trouble trouble) {
        return become(known.with(trouble), phase, failures, null);
    }

    /** Proofs come without an event; so that those who wait for one look again, what is known is another object now. */
    private Step proved() {
        Standing standing = known.standing();
        Known now = known.with((Trouble) null);
        return become(standing.held() ? now : now.with(standing.proved()), phase, failures, null);
    }

    /** No rest: those who lost their watch together wait for a usable member anyway. */
    private Step lost(Event.Lost lost, long nanoTime) {
        boolean again = known.items() == null || (span.isOneKey() && lost.together() > MANY);
        Known now = known.with(lost.trouble());
        int failuresNow = failuresBy(nanoTime);
        return again ? read(now, failuresNow) : follow(now, bytes, failuresNow);
    }

    private Step failed(Trouble trouble, long nanoTime) {
        if (phase instanceof Phase.Opening && trouble.kind() == Trouble.Kind.ACCESS_DENIED && failures < DISBELIEF) {
            return confirm(); // old releases say so too when the stream's token has expired
        }
        return rest(known.with(trouble), failuresBy(nanoTime), phase instanceof Phase.Reading);
    }

    /** Those that still count at the end of a watch. */
    private int failuresBy(long nanoTime) {
        boolean settled = phase instanceof Phase.Following following && nanoTime - following.since >= SETTLED_NANOS;
        return settled ? 0 : failures;
    }

    private Step read(Known now, int failuresSoFar) {
        Pages pages = Pages.of(span, limits);
        return become(now, new Phase.Reading(pages), failuresSoFar, pages.next(ticket + 1));
    }

    private Step follow(Known now, long size, int failuresSoFar) {
        return become(
                now, size, new Phase.Opening(false), failuresSoFar, new Command.Follow(ticket + 1, now.revision() + 1));
    }

    private Step rest(Known now, int failuresSoFar, boolean thenRead) {
        return become(
                now,
                new Phase.Resting(thenRead || now.items() == null),
                failuresSoFar + 1,
                new Command.Rest(ticket + 1, failuresSoFar + 1, false));
    }

    private Step stay() {
        return new Step(this, null);
    }

    private Step become(Known now, Phase next, int failuresNow, @Nullable Command command) {
        return become(now, bytes, next, failuresNow, command);
    }

    private Step become(Known now, long size, Phase next, int failuresNow, @Nullable Command command) {
        Known shown =
                next instanceof Phase.Following ? now : now.with(now.standing().off());
        return new Step(
                new Follower(span, limits, shown, size, next, command == null ? ticket : command.ticket(), failuresNow),
                command);
    }

    @Override
    public String toString() {
        return phase.getClass().getSimpleName() + " " + span + " at revision " + known.revision();
    }
}
