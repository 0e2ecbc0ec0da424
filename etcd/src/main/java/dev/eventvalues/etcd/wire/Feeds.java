package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The spans that are being followed: one feed each, however many hold it. A feed starts with its first holder and stops
 * some time ({@code linger}) after the last has let go.
 */
public final class Feeds implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Feeds.class.getPackageName());

    private static final Cleaner DROPPED = Cleaner.create();

    /** So many calls for different feeds hardly ever wait for each other. */
    private static final int PARTS = 64;

    private final Clockwork clockwork = new Clockwork();
    private final Connection connection;
    private final Store store;
    private final LiveFeed.Tools tools;
    private final long lingerNanos;
    private final Duration staleAfter;

    /** The feeds that run, and what they say of their holders. Each table is guarded by its own monitor. */
    private final FeedTable[] tables =
            Stream.generate(FeedTable::new).limit(PARTS).toArray(FeedTable[]::new);

    private volatile boolean closed;

    /**
     * Creates a connection without connecting.
     *
     * @param settings of the connection
     * @param linger how long a feed goes on without a holder
     * @param limits how much of a span is kept
     * @param auditEvery how often each feed is audited; zero for never
     * @param seam wraps the transport; the identity except in tests
     */
    public Feeds(
            Connection.Settings settings,
            Duration linger,
            Limits limits,
            Duration auditEvery,
            UnaryOperator<Transport> seam) {
        this.connection = new Connection(settings, clockwork, () -> replaced(null));
        this.store = new Store(connection, clockwork, settings);
        this.tools = new LiveFeed.Tools(
                seam.apply(connection),
                clockwork,
                limits,
                new Auditor.Schedule(TimeUnit.NANOSECONDS.convert(auditEvery), new LongAdder()),
                this::replaced,
                this::letGo);
        this.staleAfter = settings.staleAfter();
        this.lingerNanos = TimeUnit.NANOSECONDS.convert(linger);
    }

    /**
     * For writes.
     *
     * @return the store behind the connection that all feeds share
     * @throws IllegalStateException if closed
     */
    public Store store() {
        requireOpen();
        return store;
    }

    /**
     * How many keys audits have found to differ from what the server had told.
     *
     * @return 0 without audits
     */
    public long lostKeys() {
        return tools.audits().lost().sum();
    }

    /** One holder's claim on a feed. */
    public final class Hold implements AutoCloseable {
        private final LiveFeed feed;

        /** Whether the claim has been given up, under the table's monitor, or handed over, before anyone else knew of it. */
        private boolean over;

        private Hold(LiveFeed feed) {
            this.feed = feed;
        }

        /**
         * Hands the claim over to a watcher, in place of {@link #close}.
         *
         * @param watcher which holds the feed until it is dropped
         * @return to let the feed go before
         */
        public Cleaner.Cleanable handOver(Object watcher) {
            Cleaner.Cleanable claim = DROPPED.register(watcher, feed); // which it runs once
            over = true;
            return claim;
        }

        /**
         * What is held.
         *
         * @return the feed; it goes on for as long as the claim
         */
        public LiveFeed feed() {
            return feed;
        }

        /** Lets the feed go. Idempotent. */
        @Override
        public void close() {
            synchronized (table(feed.span())) {
                if (!over) {
                    over = true;
                    release(feed);
                }
            }
        }
    }

    /**
     * Holds the feed of a span, which starts if it does not run.
     *
     * @param span which keys
     * @return to be closed
     * @throws IllegalStateException if closed
     */
    public Hold hold(Span span) {
        requireOpen();
        LiveFeed feed = use(span);
        feed.start();
        if (closed) {
            feed.stop();
        }
        return new Hold(feed);
    }

    private LiveFeed use(Span span) {
        FeedTable table = table(span);
        synchronized (table) {
            LiveFeed feed = table.get(span);
            if (feed == null) {
                feed = new LiveFeed(span, tools);
                table.add(feed);
            }
            feed.holders++;
            feed.used = true;
            return feed;
        }
    }

    /**
     * Whether a span is followed, by whomever.
     *
     * @param span which keys
     * @return false if {@link #hold} would start to follow it
     */
    public boolean isFollowed(Span span) {
        FeedTable table = table(span);
        synchronized (table) {
            return table.get(span) != null;
        }
    }

    /**
     * How old a proof may be for a state to count as fresh.
     *
     * @return more than zero
     */
    public Duration staleAfter() {
        return staleAfter;
    }

    private FeedTable table(Span span) {
        return tables[FeedTable.hash(span) & (PARTS - 1)];
    }

    private void letGo(LiveFeed feed) {
        synchronized (table(feed.span())) {
            release(feed);
        }
    }

    /** Called under the table's monitor. */
    private void release(LiveFeed feed) {
        if (--feed.holders == 0 && !feed.lingering) {
            linger(feed);
        }
    }

    /** One timer for each feed, however often it is used meanwhile. Called under the table's monitor. */
    private void linger(LiveFeed feed) {
        feed.lingering = true;
        feed.used = false;
        clockwork.after(lingerNanos, () -> stopUnlessUsed(feed));
    }

    private void stopUnlessUsed(LiveFeed idle) {
        FeedTable table = table(idle.span());
        synchronized (table) {
            idle.lingering = false;
            if (idle.holders > 0) {
                return;
            }
            if (idle.used) {
                linger(idle);
                return;
            }
            table.remove(idle);
        }
        idle.stop(); // without the monitor, as it may wake consumers
    }

    /**
     * Another store answers than before. What one feed or a probe has found out is so for all, though they may have nothing
     * to find it out by themselves.
     *
     * @param finder the feed that need not be told; null for none
     */
    private void replaced(@Nullable LiveFeed finder) {
        LOG.log(
                System.Logger.Level.WARNING,
                "another store answers than before: a backup was restored, or the endpoints belong to another cluster now;"
                        + " everything is read again");
        for (FeedTable table : tables) {
            List<LiveFeed> feeds;
            synchronized (table) {
                feeds = table.all();
            }
            feeds.stream().filter(feed -> !feed.equals(finder)).forEach(LiveFeed::replaced);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the EtcdValues is closed");
        }
    }

    /**
     * Ends every feed and the connection. Keys that are held are given back first, which may take up to a second, or the
     * request timeout if that is less. Idempotent; does not wait for threads and sockets to go.
     */
    @Override
    public void close() {
        closed = true;
        store.holds().close();
        for (FeedTable table : tables) {
            List<LiveFeed> feeds;
            synchronized (table) {
                feeds = table.all();
                table.clear();
            }
            feeds.forEach(LiveFeed::stop);
        }
        connection.close();
        clockwork.close();
    }
}
