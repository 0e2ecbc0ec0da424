package dev.eventvalues.etcd;

import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.etcd.wire.LiveFeed;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Source;
import dev.eventvalues.internal.Waiter;
import java.lang.ref.Cleaner;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The freshness of what is known of a span. */
final class FeedFreshness implements Source<Freshness> {
    private final Feeds feeds;
    private final Span span;

    FeedFreshness(Feeds feeds, Span span) {
        this.feeds = feeds;
        this.span = span;
    }

    @Override
    public Optional<Freshness> current() {
        boolean followed = feeds.isFollowed(span);
        try (Feeds.Hold hold = feeds.hold(span)) {
            return Optional.of(followed ? of(hold.feed()) : new Freshness.Idle());
        }
    }

    @Override
    public Watcher<Freshness> watch() {
        return new Position(feeds.hold(span));
    }

    private Freshness of(LiveFeed feed) {
        Known known = feed.known();
        Proof proof = known.standing().proof();
        for (Known newer = feed.known(); !newer.equals(known); newer = feed.known()) {
            known = newer; // a proof is only of what is known when it comes
            proof = known.standing().proof();
        }
        if (known.closed()) {
            throw new WatcherClosedException("the EtcdValues is closed");
        }
        Trouble trouble = known.trouble();
        Instant now = Instant.now();
        long limit = feeds.staleAfter().toNanos();
        boolean begun = known.items() == null ? known.refusal() == null : proof == null && trouble == null;
        if (begun) {
            return new Freshness.Connecting(feed.since());
        }
        if (trouble == null
                && known.standing().pulse() != null
                && proof != null
                && !proof.isOlderThan(limit, System.nanoTime(), now)) {
            return new Freshness.Fresh(known.revision(), proof.at());
        }
        return new Freshness.Stale(
                proof == null ? feed.since() : proof.at(),
                trouble != null
                        ? EtcdException.of(trouble, "")
                        : new EtcdException("not proved to be the newest within "
                                + feeds.staleAfter().toMillis() + " ms"),
                known.revision());
    }

    /** What kind of freshness was told last. */
    private final class Position extends Cursor<Freshness> {
        private final LiveFeed feed;
        private final Cleaner.Cleanable claim;

        /** What was told, and what the running call would tell. Written by the running call only. */
        private @Nullable Class<?> told;

        private @Nullable Class<?> telling;

        Position(Feeds.Hold hold) {
            this.feed = hold.feed();
            this.claim = hold.handOver(this);
        }

        @Override
        protected Object examine() {
            Freshness now = of(feed);
            telling = now.getClass();
            return telling.equals(told) ? Unseen.SAME : now;
        }

        @Override
        protected void commit() {
            told = telling;
        }

        @Override
        protected void rollback() {
            telling = told;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(feed);
        }

        @Override
        protected void release() {
            claim.clean();
        }

        @Override
        public boolean ended() {
            return super.ended() || feed.known().closed();
        }

        @Override
        protected String missing() {
            return "it is still " + of(feed).getClass().getSimpleName();
        }
    }

    /** Names the keys. */
    @Override
    public String toString() {
        return "Freshness[" + span + "]";
    }
}
