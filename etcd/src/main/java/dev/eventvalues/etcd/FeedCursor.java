package dev.eventvalues.etcd;

import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.internal.Cell;
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
    private final Cell<Known> cell;
    private final Cleaner.Cleanable claim;

    /* The rest is written by the running call only. */

    /** What was last looked at; null to look again. */
    private @Nullable Known examined;

    /** What was delivered last, and what the running call would deliver. */
    private @Nullable P delivered;

    private @Nullable P candidate;

    /** The refusal that was thrown last; null once etcd has answered since. */
    private @Nullable Trouble told;

    /** Whether the running call would throw that of what it has examined. */
    private boolean refusing;

    FeedCursor(Feeds.Hold hold) {
        this.cell = hold.known();
        this.claim = hold.handOver(this);
    }

    private Known known() {
        return Objects.requireNonNull(cell.get());
    }

    /** What is to be kept if {@code known} is delivered. */
    abstract P position(Known known);

    /** What to deliver, or null if a consumer cannot tell the difference. Runs decoders. */
    abstract @Nullable R show(@Nullable P before, P now);

    @Override
    protected final Object examine() {
        Known now = known();
        if (now.closed()) {
            throw new WatcherClosedException("the EtcdValues is closed");
        }
        if (now.equals(examined)) {
            return Unseen.NOTHING;
        }
        examined = now;
        candidate = delivered;
        if (now.trouble() == null) {
            told = null;
        }
        refusing = false;
        if (now.items() != null) {
            candidate = position(now);
            R state = show(delivered, candidate);
            if (state != null) {
                return state;
            }
            delivered = candidate; // the same to a consumer, and what changed before it can be forgotten
        }
        Trouble refusal = now.refusal();
        if (refusal != null && !refusal.equals(told)) {
            refusing = true;
            throw EtcdException.of(refusal, "");
        }
        return delivered == null ? Unseen.HIDDEN : Unseen.SAME;
    }

    @Override
    protected final void commit() {
        delivered = candidate;
        if (examined == null) {
            return;
        }
        if (refusing) {
            told = examined.refusal();
        }
        if (!Objects.equals(examined.refusal(), told)) {
            examined = null; // a state goes first; its refusal is for the next look
        }
    }

    @Override
    protected final void rollback() {
        candidate = delivered;
        refusing = false;
        examined = null;
    }

    @Override
    public final void arm(Waiter waiter) {
        waiter.arm(cell.waiting());
    }

    @Override
    protected final void release() {
        claim.clean();
    }

    @Override
    public final boolean ended() {
        return super.ended() || known().closed();
    }

    @Override
    protected final String missing() {
        Known now = known();
        String trouble = now.trouble() == null ? "" : "; " + now.trouble().message();
        return (now.items() == null ? "etcd has not answered yet" : "no change up to revision " + now.revision())
                + trouble;
    }
}
