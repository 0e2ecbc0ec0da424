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

    /** So much is read again whenever a watch breaks: counted by {@link Limits#cost}. */
    private static final long SMALL = 1 << 20;

    /** No session has this number. */
    private static final long NONE = -1;

    /** How often a denied watch is not believed while a read of the same keys succeeds. */
    private static final int DISBELIEF = 2;

    private sealed interface Phase {
        /**
         * Reading pages.
         *
         * @param pages read so far
         * @param doubted whether it is known that the watch before has left something out
         */
        record Reading(Pages pages, boolean doubted) implements Phase {}

        /**
         * Reading a little, linearizably, because a watch could not be opened: a member has named another cluster or an
         * earlier revision, or denied what a read may be allowed.
         */
        record Confirming() implements Phase {}

        /**
         * Waiting for the server to accept the watch.
         *
         * @param session in which all that is known was read; in another, the store may have been replaced since
         */
        record Opening(long session) implements Phase {}

        /**
         * Watching.
         *
         * @param since when the watch was accepted, if it matters
         * @param fragments the events of a revision whose last have not come
         * @param replay what has to come first; null once it has, or if there is nothing that has to
         */
        record Following(
                long since,
                List<Change> fragments,
                @Nullable Replay replay) implements Phase {
            /** There is nothing that would have to be forgotten after a while. Very many feeds share it. */
            static final Following WITHOUT_FAILURES = new Following(0, List.of(), null);

            Following with(List<Change> pending) {
                return new Following(since, pending, replay);
            }
        }

        /** Resting after a failure; then reading (see there), or following again. */
        record Resting(boolean read, boolean doubted) implements Phase {}
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
        return new Follower(span, limits, Known.NOTHING, 0, new Phase.Opening(NONE), 0, 0)
                .read(Known.NOTHING, 0, false);
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
        if (event instanceof Event.Ahead) {
            return rest(known.ofAnotherStore(), failures, true); // a store that has been there does not go back
        }
        if (phase instanceof Phase.Reading reading && event instanceof Event.Page page) {
            return page(reading, page);
        }
        if (phase instanceof Phase.Reading reading && event instanceof Event.Oversized oversized) {
            return oversized(reading, oversized.trouble(), nanoTime);
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
        if (phase instanceof Phase.Following following && event instanceof Event.Proved) {
            return proved(following, nanoTime);
        }
        if (phase instanceof Phase.Following && event instanceof Event.Distrusted) {
            return read(known, failures, true);
        }
        if (phase instanceof Phase.Resting resting && event instanceof Event.Rested) {
            return resting.read ? read(known, failures, resting.doubted) : resume(known, failures);
        }
        return stay(); // an event that this phase has no use for
    }

    /**
     * The store has been replaced by another, as somebody else has found out. What is known stands until it has been read
     * again.
     *
     * @return the next state, and what to do
     */
    public Step replaced() {
        Known marked = known.items() == null ? known : known.ofAnotherStore();
        if (phase instanceof Phase.Resting) {
            return become(marked, new Phase.Resting(true, isDoubted()), failures, null);
        }
        return read(marked, failures, isDoubted());
    }

    private Step page(Phase.Reading reading, Event.Page page) {
        Origin pinned = reading.pages.origin(page);
        if (!page.origin().succeeds(pinned)) {
            return rest(known, failures, true); // another store answers than that of the first page
        }
        if (!reading.pages.isOfSession(page)) {
            return rest(known, failures, !isResuming()); // another may
        }
        Pages read = reading.pages.with(page);
        Trouble excess = limits.exceededBy(span, read.items().size(), read.bytes());
        if (excess != null) {
            return tooLarge(excess);
        }
        Command.Read next = read.next(ticket + 1);
        if (next != null) {
            return become(known, new Phase.Reading(read, reading.doubted), failures, next);
        }
        Known now = known.read(read.items(), page.origin().at(pinned.revision()), reading.doubted);
        // a reading of what is known makes nothing good before the watch has been accepted
        Known told = isResuming() && now.epoch() == known.epoch() ? now.with(known.trouble()) : now;
        return follow(told, read.bytes(), failures, read.session());
    }

    /** What was read stays: the same page is asked for again, with fewer keys. */
    private Step oversized(Phase.Reading reading, Trouble trouble, long nanoTime) {
        Pages smaller = reading.pages.smaller();
        return smaller == null
                ? failed(trouble, nanoTime)
                : become(
                        known.with(trouble),
                        new Phase.Reading(smaller, reading.doubted),
                        failures,
                        smaller.next(ticket + 1));
    }

    private Step tooLarge(Trouble excess) {
        Known told = known.with(excess);
        int attempt = failures + 1;
        return become(
                told, new Phase.Resting(true, isDoubted()), failures + 1, new Command.Rest(ticket + 1, attempt, true));
    }

    private Step opened(Phase.Opening opening, Event.Opened opened, long nanoTime) {
        if (!known.succeeds(opened.origin())) {
            // one member's word: it may lag behind, or the store may have been replaced; a linearizable read tells
            return confirm();
        }
        boolean isOfStore = opened.session() == opening.session;
        if (!isOfStore && isSmall()) {
            return resume(known, failures); // what was read on another connection may be of a store that is no more
        }
        // of a store that may have been replaced, what we know last has to come again
        boolean behind = opened.origin().revision() >= (isOfStore ? opened.from() : known.revision());
        if (behind && opened.from() > known.revision()) {
            // The server has to catch up, and what it tells first shows whether it is the same store. Also, old
            // releases lose a removal, silently, if the history has been compacted at its very revision and that is
            // the first asked for. Asked for an earlier one, they say that it is compacted.
            return become(known, opening, failures, new Command.Follow(ticket + 1, known.revision(), known.revision()));
        }
        Replay replay = behind && !isOfStore ? Replay.of(known, opened.from()) : null;
        // what the store has beyond us may be ours, so only a read that begins once it has been told proves that we
        // have it
        Standing proved = behind ? null : provedBy(opened);
        Standing standing = proved != null
                ? proved
                : known.standing().on(opened.pulse(), behind ? nanoTime + CATCH_UP_NANOS : nanoTime);
        Known now = known.with((Trouble) null).with(replay == null ? standing : standing.hold());
        return become(now, following(nanoTime, failures, replay), failures, null);
    }

    /** What the newest proof proves, unless it is older than the store that answers: one of an earlier term cannot follow. */
    private static @Nullable Standing provedBy(Event.Opened opened) {
        Standing proved = opened.pulse().standing();
        Proof newest = proved == null ? null : proved.proof();
        return newest != null && opened.origin().isNotBeforeTerm(newest.term()) ? proved : null;
    }

    private static Phase.Following following(long since, int failuresNow, @Nullable Replay replay) {
        return failuresNow == 0 && replay == null
                ? Phase.Following.WITHOUT_FAILURES
                : new Phase.Following(since, List.of(), replay);
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
        Replay replay = following.replay == null ? Replay.ofNothing(known) : following.replay;
        if (replay.isContradictedBy(changes, known, span)) {
            return rest(known.ofAnotherStore(), failuresBy(nanoTime), true);
        }
        Applied applied = apply(changes);
        if (applied == null) {
            Trouble gap = new Trouble(
                    Trouble.Kind.UNREACHABLE,
                    "etcd has left out a change before revision "
                            + changes.get(changes.size() - 1).revision() + "; all is read again");
            return rest(known.with(gap), failuresBy(nanoTime), true, true);
        }
        Known now = applied.known;
        Trouble excess =
                now.items() == null ? null : limits.exceededBy(span, now.items().size(), applied.bytes);
        if (excess != null) {
            return tooLarge(excess);
        }
        if (!first || following.replay != null) {
            now = now.with(now.standing().on(nanoTime));
        }
        // what was told before proves nothing: a stream that breaks behind it each time must still rest longer
        int failuresNow = now.revision() == known.revision() ? failures : 0;
        return become(now, applied.bytes, following(following.since, failuresNow, null), failuresNow, null);
    }

    private record Applied(Known known, long bytes) {}

    /** What is known behind the changes; null if they do not continue it, so that something has been left out. */
    private @Nullable Applied apply(List<Change> changes) {
        Tree<Item> items = known.items();
        long revision = known.revision();
        long size = bytes;
        for (Change change : changes) {
            if (change.revision() <= known.revision() || !span.contains(change.key()) || items == null) {
                continue; // told before, or not ours
            }
            Item held = items.get(change.key());
            if (!change.continues(held)) {
                return null;
            }
            size += Limits.cost(change.key(), change.item()) - Limits.cost(change.key(), held);
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
        if (following.replay != null) {
            return rest(known, failures, true); // it is said to be in step, without what had to come first
        }
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
    private Step proved(Phase.Following following, long nanoTime) {
        if (following.replay != null && nanoTime - following.since >= CATCH_UP_NANOS) {
            return rest(known, failures, true); // perhaps nothing will come, as it is not in the store
        }
        Standing standing = known.standing();
        Known now = known.with((Trouble) null);
        return become(standing.held() ? now : now.with(standing.proved()), phase, failures, null);
    }

    /** No rest: those who lost their watch together wait for a usable member anyway. */
    private Step lost(Event.Lost lost, long nanoTime) {
        boolean again = known.items() == null || (span.isOneKey() && lost.together() > MANY);
        Known now = known.with(lost.trouble());
        int failuresNow = failuresBy(nanoTime);
        return again ? read(now, failuresNow, isDoubted()) : resume(now, failuresNow);
    }

    private Step failed(Trouble trouble, long nanoTime) {
        if (phase instanceof Phase.Opening && trouble.kind() == Trouble.Kind.ACCESS_DENIED && failures < DISBELIEF) {
            return confirm(); // old releases say so too when the stream's token has expired
        }
        return rest(known.with(trouble), failuresBy(nanoTime), phase instanceof Phase.Reading && !isResuming());
    }

    /** Whether what is known is being read again at its own revision. */
    private boolean isResuming() {
        return phase instanceof Phase.Reading reading && known.origin().equals(reading.pages.pinned());
    }

    /** Those that still count at the end of a watch. */
    private int failuresBy(long nanoTime) {
        boolean settled = phase instanceof Phase.Following following && nanoTime - following.since >= SETTLED_NANOS;
        return settled ? 0 : failures;
    }

    /** Whether what is known is known to lack something. */
    private boolean isDoubted() {
        return phase instanceof Phase.Reading reading
                ? reading.doubted
                : phase instanceof Phase.Resting resting && resting.doubted;
    }

    private Step read(Known now, int failuresSoFar, boolean doubted) {
        return read(now, failuresSoFar, doubted, Pages.of(span, limits));
    }

    private Step read(Known now, int failuresSoFar, boolean doubted, Pages pages) {
        return become(now, new Phase.Reading(pages, doubted), failuresSoFar, pages.next(ticket + 1));
    }

    /**
     * Watches again after a break, in which the store may have been replaced by an earlier state of itself that has come
     * as far. What is known is read again at its own revision, which shows; where that is too much, the watch begins with
     * the last complete revision once more.
     */
    private Step resume(Known now, int failuresSoFar) {
        return isSmall()
                ? read(now, failuresSoFar, isDoubted(), Pages.at(span, limits, now.origin()))
                : follow(now, bytes, failuresSoFar, NONE);
    }

    /** Whether all that is known comes with one page, and is soon sent. */
    private boolean isSmall() {
        Tree<Item> items = known.items();
        return items != null && items.size() <= Pages.of(span, limits).keys() && bytes <= SMALL;
    }

    private Step follow(Known now, long size, int failuresSoFar, long session) {
        return become(
                now,
                size,
                new Phase.Opening(session),
                failuresSoFar,
                new Command.Follow(ticket + 1, now.revision() + 1, now.revision()));
    }

    private Step rest(Known now, int failuresSoFar, boolean thenRead) {
        return rest(now, failuresSoFar, thenRead, isDoubted());
    }

    private Step rest(Known now, int failuresSoFar, boolean thenRead, boolean doubted) {
        return become(
                now,
                new Phase.Resting(thenRead || now.items() == null, doubted),
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
