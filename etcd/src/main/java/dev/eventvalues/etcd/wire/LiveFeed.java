package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.WaitList;
import dev.eventvalues.internal.Waiter;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one span: runs the state machine over a transport, shows what it knows, and wakes those who wait for news.
 *
 * <p>There may be a hundred thousand of them, so each is one object, beside what the machine says.
 */
public final class LiveFeed extends WaitList implements Consumer<Event>, Runnable {
    private static final System.Logger LOG = System.getLogger(LiveFeed.class.getPackageName());

    /**
     * What all feeds have in common.
     *
     * @param transport runs commands
     * @param clockwork serializes what happens
     * @param limits how much of a span is kept
     * @param audits how often each feed is audited
     * @param replaced told that a feed has found out that another store answers than before
     * @param letGo told that a watcher lets a feed go
     */
    record Tools(
            Transport transport,
            Clockwork clockwork,
            Limits limits,
            Auditor.Schedule audits,
            Consumer<LiveFeed> replaced,
            Consumer<LiveFeed> letGo) {}

    private final Tools tools;

    /** When it was made, by the wall clock. */
    private final long since = System.currentTimeMillis();

    /** Written in the serial context. */
    private volatile Follower follower;

    /** Written in the serial context, once. */
    private volatile boolean started;

    /** Set once, by any thread. */
    private volatile boolean stopped;

    /** Guarded by the serial context. */
    private Transport.@Nullable Running running;

    /** How many hold the feed. Guarded by {@link Feeds}, as all that follows. */
    int holders;

    /** Whether a timer is running that will look whether the feed is still used. */
    boolean lingering;

    /** Whether it has been used since that timer was started. */
    boolean used;

    LiveFeed(Span span, Tools tools) {
        this.tools = tools;
        this.follower = Follower.start(span, tools.limits).next();
    }

    Span span() {
        return follower.span();
    }

    /**
     * What is known of the span. Whoever waits for more joins this feed's {@link WaitList}.
     *
     * @return {@link Known#CLOSED} once the feed has stopped
     */
    public Known known() {
        return stopped ? Known.CLOSED : follower.known();
    }

    /**
     * A position in what is known, down to every proof.
     *
     * @return its last state is {@link Known#CLOSED}
     */
    Cursor<Known> cursor() {
        return new Position(this);
    }

    /**
     * When the feed was made.
     *
     * @return by the wall clock
     */
    public Instant since() {
        return Instant.ofEpochMilli(since);
    }

    /** Starts, the first time. */
    void start() {
        if (!started) {
            tools.clockwork.run(() -> {
                if (!started && !stopped) {
                    become(Follower.start(span(), tools.limits));
                    if (tools.audits.nanos() > 0) {
                        new Auditor(span(), tools.transport, tools.clockwork, tools.audits, this::audited, this)
                                .start();
                    }
                }
                started = true;
            });
        }
    }

    private @Nullable Follower audited() {
        return stopped ? null : follower;
    }

    /** Stops for good: whoever looks sees the end at once, and what runs is abandoned. */
    void stop() {
        stopped = true;
        wakeAll();
        tools.clockwork.run(this::abandon);
    }

    /** A watcher that holds the feed has been closed or dropped. */
    @Override
    public void run() {
        tools.letGo.accept(this);
    }

    /** Something has happened to the command that runs, or did. From any thread. */
    @Override
    public void accept(Event event) {
        tools.clockwork.run(() -> {
            if (started && !stopped) {
                Known before = follower.known();
                become(step(follower, event));
                if (follower.known().tellsOfAnotherStore(before)) {
                    tools.replaced.accept(this);
                }
            }
        });
    }

    /** Another store answers than before, as a probe or another feed has found out. In the serial context. */
    void replaced() {
        if (started && !stopped) {
            become(follower.replaced());
        }
    }

    private static Follower.Step step(Follower follower, Event event) {
        try {
            return follower.step(event, System.nanoTime());
        } catch (RuntimeException e) {
            // such as keys out of order: as if the request had failed
            LOG.log(System.Logger.Level.ERROR, "etcd has answered what cannot be; it is asked again", e);
            Trouble nonsense = new Trouble(Trouble.Kind.UNREACHABLE, "an answer of etcd made no sense: " + e);
            return follower.step(new Event.Failed(event.ticket(), nonsense), System.nanoTime());
        }
    }

    private void become(Follower.Step step) {
        Known before = known();
        Known now = step.next().known();
        follower = step.next();
        Command command = step.command();
        if (command != null) {
            abandon();
            running = tools.transport.start(span(), command, this);
        }
        if (!now.equals(before)) {
            wakeAll();
        }
    }

    private void abandon() {
        if (running != null) {
            running.abandon();
            running = null;
        }
    }

    private static final class Position extends Cursor<Known> {
        private final LiveFeed feed;

        /** What was delivered last, and what was looked at. Written by the running call. */
        private @Nullable Known delivered;

        private @Nullable Known examined;

        Position(LiveFeed feed) {
            this.feed = feed;
        }

        @Override
        protected Object examine() {
            Known now = feed.known();
            if (now.equals(examined)) {
                return Unseen.NOTHING;
            }
            examined = now;
            return now.equals(delivered) ? Unseen.SAME : now;
        }

        @Override
        protected void commit() {
            delivered = examined;
        }

        @Override
        protected void rollback() {
            examined = delivered;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(feed);
        }

        @Override
        protected String missing() {
            return "nothing new is known";
        }
    }
}
