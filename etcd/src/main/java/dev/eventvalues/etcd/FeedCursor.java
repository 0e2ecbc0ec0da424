package dev.eventvalues.etcd;

import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.etcd.wire.LiveFeed;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Waiter;
import java.lang.ref.Cleaner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A position in what is known of a span: what was delivered last, to compare with what is known now. So a consumer is
 * told the difference whatever happened in between: a gap, a compaction, another store.
 *
 * @param <P> what is kept of a delivery
 * @param <R> the states
 */
abstract class FeedCursor<P, R> extends Cursor<R> {
    private final LiveFeed feed;
    private final Cleaner.Cleanable claim;

    /* The rest is written by the running call only. */

    /** What was delivered last, and what the running call would deliver. */
    private @Nullable P delivered;

    private @Nullable P candidate;

    /** The refusal that stood at the last look. */
    private @Nullable Trouble refused;

    /** Whether the running call was given a state at an earlier look, and has not taken it. */
    private boolean passedOver;

    /** Whether all that was found at the last look has been told, or would be by the running call. */
    private boolean examined;

    /** The refusal that was thrown last; null once etcd has answered since. */
    private @Nullable Trouble told;

    /** Whether the running call would throw the refusal. */
    private boolean refusing;

    FeedCursor(Feeds.Hold hold) {
        this.feed = hold.feed();
        this.claim = hold.handOver(this);
    }

    /** What is to be kept if {@code known} is delivered; the same object as before if a consumer cannot tell. */
    abstract P position(Known known);

    /** What to deliver, or null if a consumer cannot tell the difference. Runs decoders. */
    abstract @Nullable R show(@Nullable P before, P now);

    @Override
    protected final Object examine() {
        Known now = feed.known();
        if (now.closed()) {
            throw new WatcherClosedException("the EtcdValues is closed");
        }
        if (now.trouble() == null) {
            told = null;
        }
        P newest = now.items() == null ? null : position(now);
        Trouble refusal = now.refusal();
        boolean untold = refusal != null && !refusal.equals(told);
        // a state goes before a refusal, but one that a condition rejects must not keep it from the call for ever
        passedOver &= untold && Objects.equals(newest, candidate);
        if (examined && !passedOver && Objects.equals(newest, candidate) && Objects.equals(refusal, refused)) {
            return Unseen.NOTHING;
        }
        examined = true;
        candidate = newest;
        refused = refusal;
        refusing = false;
        if (newest != null && !passedOver) {
            R state = show(delivered, newest);
            if (state != null) {
                passedOver = true;
                return state;
            }
            delivered = newest; // the same to a consumer, and what changed before it can be forgotten
        }
        if (refusal != null && untold) {
            refusing = true;
            throw EtcdException.of(refusal, "");
        }
        return delivered == null ? Unseen.HIDDEN : Unseen.SAME;
    }

    @Override
    protected final void commit() {
        if (refusing) {
            told = refused;
        }
        if (refusing && passedOver) {
            rollback(); // the state that was passed over can still be delivered
        } else {
            delivered = candidate;
            passedOver = false;
            examined &= Objects.equals(refused, told); // a state goes first; its refusal is for the next look
        }
    }

    @Override
    protected final void rollback() {
        candidate = delivered;
        passedOver = false;
        refusing = false;
        examined = false;
    }

    @Override
    public final void arm(Waiter waiter) {
        waiter.arm(feed);
    }

    @Override
    protected final void release() {
        claim.clean();
    }

    @Override
    public final boolean ended() {
        return super.ended() || feed.known().closed();
    }

    @Override
    protected final String missing() {
        Known now = feed.known();
        String trouble = now.trouble() == null ? "" : "; " + now.trouble().message();
        return (now.items() == null ? "etcd has not answered yet" : "no change up to revision " + now.revision())
                + trouble;
    }
}
