package dev.eventvalues.etcd.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of holding a key, as data: {@link #step} takes what happened and gives the next state and the commands to
 * run. Immutable.
 *
 * <p>The key is taken by a transaction that creates it under a lease of ours, so nobody is ever overwritten, and the lease
 * tells whose it is: a transaction whose answer was lost is simply sent again, and finds the key absent, ours or another's.
 * A lease is for one taking. When the key is lost, it is revoked, so that nothing that is still on its way can be done
 * under it.
 */
public final class Holding {
    /** An attempt so long ago does not count against the next. */
    static final long SETTLED_NANOS = 10_000_000_000L;

    /**
     * A lease of ours.
     *
     * @param until it does not end before
     */
    private record Lease(long id, Moment until) {}

    private sealed interface Phase {
        /** The lease that is in use; null if none. */
        default @Nullable Lease lease() {
            return null;
        }

        /** Asking for a lease. */
        record Granting(Moment sent) implements Phase {}

        /** Creating the key. */
        record Taking(Lease lease) implements Phase {}

        /** Having it. */
        record Keeping(Lease lease, long revision, Moment renewal) implements Phase {}

        /** Finding out whether the lease is still there, after which the key is looked at. */
        record Checking(Lease lease, Moment renewal) implements Phase {}

        /** Resting after a failure; then checking the lease or asking for one. */
        record Resting(@Nullable Lease lease) implements Phase {}

        /** Until the key is free. */
        record Waiting() implements Phase {}

        /** Revoking the lease. */
        record Closing(Lease lease, Moment until) implements Phase {}

        /** The end. */
        record Closed() implements Phase {}
    }

    /**
     * The outcome of a step.
     *
     * @param next the new state
     * @param commands what to do, in this order
     */
    public record Step(Holding next, List<HoldCommand> commands) {
        private Step preceded(HoldCommand first) {
            List<HoldCommand> all = new ArrayList<>(List.of(first));
            all.addAll(commands);
            return new Step(next, List.copyOf(all));
        }
    }

    /**
     * What does not change.
     *
     * @param ttlNanos how long a lease lasts without being kept alive
     * @param closeNanos how long revoking it may take in the end
     */
    private record Terms(long ttlNanos, long closeNanos) {
        String unconfirmed() {
            return "etcd has not confirmed the lease within its time to live of " + Duration.ofNanos(ttlNanos);
        }
    }

    private final Terms terms;
    private final Phase phase;
    private final HoldStatus status;

    /** The ticket of the last command that has one. */
    private final long ticket;

    /** How many attempts there have been since it went well, and when the last was. */
    private final int attempts;

    private final @Nullable Moment attempted;

    /** What is known of the key, and the revision before which that says nothing. */
    private final HoldEvent.@Nullable Seen seen;

    private final long floor;

    private Holding(
            Terms terms,
            Phase phase,
            HoldStatus status,
            long ticket,
            int attempts,
            @Nullable Moment attempted,
            HoldEvent.@Nullable Seen seen,
            long floor) {
        this.terms = terms;
        this.phase = phase;
        this.status = status;
        this.ticket = ticket;
        this.attempts = attempts;
        this.attempted = attempted;
        this.seen = seen;
        this.floor = floor;
    }

    /**
     * Starts.
     *
     * @param ttlNanos how long a lease lasts without being kept alive
     * @param closeNanos how long revoking it may take in the end
     * @param now the time
     * @return the first state and command
     */
    public static Step start(long ttlNanos, long closeNanos, Moment now) {
        return new Holding(
                        new Terms(ttlNanos, closeNanos),
                        new Phase.Waiting(),
                        new HoldStatus.Undecided(),
                        0,
                        0,
                        null,
                        null,
                        0)
                .attempt(now);
    }

    /**
     * What the holder may believe.
     *
     * @return to be shown
     */
    public HoldStatus status() {
        return status;
    }

    /**
     * When {@link HoldEvent.Due} is to happen, unless the next step gives another time.
     *
     * @return null for never
     */
    public @Nullable Moment due() {
        if (phase instanceof Phase.Keeping keeping) {
            return keeping.renewal.nanoTime() - keeping.lease.until.nanoTime() < 0
                    ? keeping.renewal
                    : keeping.lease.until;
        }
        return phase instanceof Phase.Checking checking
                ? checking.renewal
                : phase instanceof Phase.Closing closing ? closing.until : null;
    }

    /**
     * Whether nothing will ever be done again.
     *
     * @return true at the end
     */
    public boolean hasEnded() {
        return phase instanceof Phase.Closed;
    }

    /**
     * Takes an event.
     *
     * @param event what happened
     * @param now the time
     * @return the next state, and what to do
     */
    public Step step(HoldEvent event, Moment now) {
        if (event instanceof HoldEvent.Seen news) {
            return seen(news, now);
        }
        if (event instanceof HoldEvent.Granted granted) {
            return granted(granted);
        }
        if (event instanceof HoldEvent.Taken taken
                && taken.ticket() == ticket
                && phase instanceof Phase.Taking taking) {
            return ours(taking.lease, taken.revision(), now);
        }
        if (event instanceof HoldEvent.Occupied by && by.ticket() == ticket && phase instanceof Phase.Taking taking) {
            return occupied(taking.lease, by.found(), now);
        }
        if (event instanceof HoldEvent.Renewed renewed) {
            return renewed(renewed, now);
        }
        if (event instanceof HoldEvent.Gone gone && isInUse(gone.lease())) {
            return gone(now);
        }
        if (event instanceof HoldEvent.NotRenewed failed && isInUse(failed.lease())) {
            return notRenewed(failed.trouble(), now);
        }
        if (event instanceof HoldEvent.Revoked revoked
                && revoked.ticket() == ticket
                && phase instanceof Phase.Closing) {
            return closed();
        }
        if (event instanceof HoldEvent.Failed failed && failed.ticket() == ticket) {
            return failed(failed.trouble(), now);
        }
        if (event instanceof HoldEvent.Rested rested && rested.ticket() == ticket) {
            return rested(now);
        }
        if (event instanceof HoldEvent.Due) {
            return due(now);
        }
        if (event instanceof HoldEvent.Close) {
            return close(now);
        }
        if (event instanceof HoldEvent.End) {
            return end();
        }
        return stay(); // late
    }

    private boolean isInUse(long lease) {
        Lease used = phase instanceof Phase.Keeping || phase instanceof Phase.Checking || phase instanceof Phase.Resting
                ? phase.lease()
                : null;
        return used != null && used.id == lease;
    }

    // ---- getting it

    private Step attempt(Moment now) {
        boolean settled = attempted == null || now.nanoTime() - attempted.nanoTime() >= SETTLED_NANOS;
        return settled || attempts == 0 ? with(0, attempted).grant(now) : rest(new Phase.Resting(null));
    }

    private Step grant(Moment now) {
        return with(attempts + 1, now).ask(new Phase.Granting(now), new HoldCommand.Grant(ticket + 1));
    }

    private Step granted(HoldEvent.Granted granted) {
        if (granted.ticket() != ticket || !(phase instanceof Phase.Granting granting)) {
            return new Step(this, List.of(new HoldCommand.Revoke(0, granted.lease()))); // closed meanwhile
        }
        return take(new Lease(granted.lease(), granting.sent.plus(terms.ttlNanos)));
    }

    private Step take(Lease lease) {
        return ask(new Phase.Taking(lease), new HoldCommand.Take(ticket + 1, lease.id));
    }

    private Step ours(Lease lease, long revision, Moment now) {
        if (lease.until.hasComeBy(now)) {
            return check(lease, now); // the answer took so long that the key may be gone again
        }
        long third = terms.ttlNanos / 3;
        Moment renewal = lease.until.plus(third - terms.ttlNanos);
        return with(new Phase.Keeping(lease, revision, renewal))
                .with(held(lease, revision, ""))
                .from(revision)
                .examine(now);
    }

    private HoldStatus held(Lease lease, long revision, String trouble) {
        return new HoldStatus.Held(
                revision, lease.until, new HoldStatus.Lost(lease.until.at(), terms.unconfirmed() + trouble));
    }

    private Step occupied(Lease lease, Item found, Moment now) {
        if (found.lease() == lease.id) {
            return ours(lease, found.modRevision(), now); // by an earlier transaction whose answer was lost
        }
        return taken(found, now).from(found.modRevision()).await(now).preceded(new HoldCommand.Revoke(0, lease.id));
    }

    private Holding taken(Item found, Moment now) {
        return with(new Phase.Waiting()).lost("taken by another, at revision " + found.modRevision(), now);
    }

    private Step notFree(Item found, Moment now) {
        // at the floor it is what was told already, or ours, of which it has not been told yet that it is gone
        return found.modRevision() == floor
                ? with(new Phase.Waiting()).stay()
                : taken(found, now).stay();
    }

    private Step await(Moment now) {
        HoldEvent.Seen known = known();
        return known != null && known.item() == null ? attempt(now) : stay();
    }

    /** What is known of the key, unless that is from before what etcd has answered. */
    private HoldEvent.@Nullable Seen known() {
        return seen != null && seen.revision() >= floor ? seen : null;
    }

    // ---- keeping it

    private Step renewed(HoldEvent.Renewed renewed, Moment now) {
        Moment until = renewed.sent().plus(terms.ttlNanos);
        if (!isInUse(renewed.lease()) || until.hasComeBy(now)) {
            return stay();
        }
        Lease lease = new Lease(renewed.lease(), until);
        if (!(phase instanceof Phase.Keeping keeping)) {
            return take(lease);
        }
        if (keeping.lease.until.hasComeBy(now)) {
            return unconfirmed(keeping).take(lease); // too late, so it is looked whether the key is still there
        }
        if (until.nanoTime() - keeping.lease.until.nanoTime() <= 0) {
            return stay();
        }
        return new Step(
                with(0, attempted)
                        .with(new Phase.Keeping(lease, keeping.revision, keeping.renewal))
                        .with(held(lease, keeping.revision, "")),
                List.of());
    }

    private Step gone(Moment now) {
        HoldCommand revoke = new HoldCommand.Revoke(0, lease().id); // should the member have been wrong
        return lost("the lease has expired or was revoked", now).attempt(now).preceded(revoke);
    }

    private Step notRenewed(Trouble trouble, Moment now) {
        if (phase instanceof Phase.Keeping keeping) {
            return with(attempts + 1, attempted)
                    .with(held(keeping.lease, keeping.revision, ": " + trouble.message()))
                    .rest(phase);
        }
        return phase instanceof Phase.Checking ? troubled(trouble, now) : stay();
    }

    private Step renew(Moment now) {
        Moment next = now.plus(terms.ttlNanos / 3);
        Lease lease = lease();
        Phase renewing = phase instanceof Phase.Keeping keeping
                ? new Phase.Keeping(lease, keeping.revision, next)
                : new Phase.Checking(lease, next);
        return new Step(with(renewing), List.of(new HoldCommand.Renew(lease.id, now)));
    }

    private Step check(Lease lease, Moment now) {
        return with(attempts + 1, now).with(new Phase.Checking(lease, now)).renew(now);
    }

    private Holding unconfirmed(Phase.Keeping keeping) {
        return with(status.at(keeping.lease.until));
    }

    // ---- losing it

    private Step seen(HoldEvent.Seen news, Moment now) {
        boolean anew = seen != null && seen.epoch() != news.epoch(); // revisions are counted anew
        Holding next = new Holding(terms, phase, status, ticket, attempts, attempted, news, anew ? 0 : floor);
        return phase instanceof Phase.Keeping
                ? next.examine(now)
                : phase instanceof Phase.Waiting ? next.await(now) : next.stay();
    }

    /** Whether the key that is kept is still as it was taken. */
    private Step examine(Moment now) {
        HoldEvent.Seen known = known();
        if (!(phase instanceof Phase.Keeping keeping) || known == null) {
            return stay();
        }
        Item item = known.item();
        Lease lease = keeping.lease;
        if (item == null) {
            return lost("the key was deleted", now).attempt(now).preceded(new HoldCommand.Revoke(0, lease.id));
        }
        boolean attached = item.lease() == lease.id;
        if (attached && item.modRevision() == keeping.revision) {
            return stay();
        }
        Step waiting = with(new Phase.Waiting())
                .lost("overwritten by another, at revision " + item.modRevision(), now)
                .from(item.modRevision())
                .stay();
        // who overwrites a key and keeps the lease gets what that lease has left: revoking it would delete the key
        return attached ? waiting : waiting.preceded(new HoldCommand.Revoke(0, lease.id));
    }

    private Step failed(Trouble trouble, Moment now) {
        if (phase instanceof Phase.Granting || phase instanceof Phase.Taking) {
            return troubled(trouble, now);
        }
        return phase instanceof Phase.Closing ? with(attempts + 1, attempted).rest(phase) : stay();
    }

    private Step troubled(Trouble trouble, Moment now) {
        boolean permanent = trouble.kind().isPermanent();
        Lease lease = phase.lease();
        if (permanent && status instanceof HoldStatus.Undecided) {
            Step refused = with(new Phase.Closed())
                    .with(new HoldStatus.Refused(trouble))
                    .stay();
            return lease == null ? refused : refused.preceded(new HoldCommand.Revoke(0, lease.id));
        }
        Holding next = permanent || status instanceof HoldStatus.Undecided ? lost(trouble.message(), now) : this;
        return next.rest(new Phase.Resting(lease));
    }

    private Holding lost(String reason, Moment now) {
        return with(new HoldStatus.Lost(status instanceof HoldStatus.Lost lost ? lost.since() : now.at(), reason));
    }

    // ---- time

    private Step rest(Phase resting) {
        return ask(resting, new HoldCommand.Rest(ticket + 1, Math.max(1, attempts)));
    }

    private Step rested(Moment now) {
        if (phase instanceof Phase.Resting resting) {
            if (resting.lease != null) {
                return check(resting.lease, now);
            }
            HoldEvent.Seen known = known();
            return known == null || known.item() == null ? grant(now) : notFree(known.item(), now);
        }
        if (phase instanceof Phase.Closing closing) {
            return ask(phase, new HoldCommand.Revoke(ticket + 1, closing.lease.id));
        }
        return phase instanceof Phase.Keeping ? renew(now) : stay();
    }

    private Step due(Moment now) {
        if (phase instanceof Phase.Keeping keeping) {
            if (keeping.lease.until.hasComeBy(now)) {
                return unconfirmed(keeping).check(keeping.lease, now);
            }
            return keeping.renewal.hasComeBy(now) ? renew(now) : stay();
        }
        if (phase instanceof Phase.Checking checking && checking.renewal.hasComeBy(now)) {
            return renew(now);
        }
        return phase instanceof Phase.Closing closing && closing.until.hasComeBy(now) ? closed() : stay();
    }

    // ---- the end

    private Step close(Moment now) {
        if (phase instanceof Phase.Closing || phase instanceof Phase.Closed) {
            return stay();
        }
        Lease lease = phase.lease();
        return lease == null
                ? closed()
                : with(new HoldStatus.Closing())
                        .ask(
                                new Phase.Closing(lease, now.plus(terms.closeNanos)),
                                new HoldCommand.Revoke(ticket + 1, lease.id));
    }

    private Step end() {
        if (phase instanceof Phase.Closed) {
            return stay();
        }
        Lease lease = phase instanceof Phase.Closing ? null : phase.lease();
        return lease == null ? closed() : closed().preceded(new HoldCommand.Revoke(0, lease.id));
    }

    private Step closed() {
        return with(new Phase.Closed()).with(new HoldStatus.Closed()).stay();
    }

    // ---- the next state

    private Lease lease() {
        Lease lease = phase.lease();
        if (lease == null) {
            throw new IllegalStateException("there is no lease while " + phase);
        }
        return lease;
    }

    private Step stay() {
        return new Step(this, List.of());
    }

    /** With a command that has the next ticket. */
    private Step ask(Phase next, HoldCommand command) {
        return new Step(
                new Holding(terms, next, status, ticket + 1, attempts, attempted, seen, floor), List.of(command));
    }

    private Holding with(Phase next) {
        return new Holding(terms, next, status, ticket, attempts, attempted, seen, floor);
    }

    private Holding with(HoldStatus next) {
        return new Holding(terms, phase, next, ticket, attempts, attempted, seen, floor);
    }

    private Holding with(int attemptsNow, @Nullable Moment lastAttempt) {
        return new Holding(terms, phase, status, ticket, attemptsNow, lastAttempt, seen, floor);
    }

    private Holding from(long revision) {
        return new Holding(terms, phase, status, ticket, attempts, attempted, seen, revision);
    }

    @Override
    public String toString() {
        return phase.getClass().getSimpleName() + ", " + status;
    }
}
