package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.internal.Cell;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows one span: runs the state machine over a transport and shows what it knows in a cell. */
final class LiveFeed implements Consumer<Event>, Runnable {
    private static final System.Logger LOG = System.getLogger(LiveFeed.class.getPackageName());

    /**
     * What all feeds have in common.
     *
     * @param transport runs commands
     * @param clockwork serializes what happens
     * @param limits how much of a span is kept
     * @param audits how often each feed is audited
     * @param letGo told that a watcher lets a feed go
     */
    record Tools(
            Transport transport,
            Clockwork clockwork,
            Limits limits,
            Auditor.Schedule audits,
            Consumer<LiveFeed> letGo) {}

    private final Span span;
    private final Tools tools;
    private final Cell<Known> known = new Cell<>();

    /** When it was made, by the wall clock. */
    private final long since = System.currentTimeMillis();

    /** Written in the serial context. */
    private volatile boolean started;

    /** Null before the start and after the stop. Guarded by the serial context. */
    private @Nullable Follower follower;

    /** Guarded by the serial context. */
    private boolean stopped;

    /** Guarded by the serial context. */
    private Transport.@Nullable Running running;

    /** How many hold the feed. Guarded by {@link Feeds}, in the map's atomic steps. */
    int holders;

    /** Changes with each holder, so that a timer can tell whether there was one. Guarded like {@link #holders}. */
    int uses;

    /** Whether a timer is running that will look whether the feed is still used. Guarded like {@link #holders}. */
    boolean lingering;

    LiveFeed(Span span, Tools tools) {
        this.span = span;
        this.tools = tools;
        known.set(Known.NOTHING);
    }

    Span span() {
        return span;
    }

    Cell<Known> known() {
        return known;
    }

    Instant since() {
        return Instant.ofEpochMilli(since);
    }

    /** Starts, the first time. */
    void start() {
        if (!started) {
            tools.clockwork.run(() -> {
                if (!started && !stopped) {
                    become(Follower.start(span, tools.limits));
                    if (tools.audits.nanos() > 0) {
                        new Auditor(span, tools.transport, tools.clockwork, tools.audits, () -> follower, this).start();
                    }
                }
                started = true;
            });
        }
    }

    /** Stops for good: what runs is abandoned, and the cell shows nothing new but its end, that at once. */
    void stop(boolean closed) {
        if (closed) {
            known.update(Known::close);
        }
        tools.clockwork.run(() -> {
            stopped = true;
            follower = null;
            abandon();
        });
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
            if (follower != null) {
                become(step(follower, event));
            }
        });
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
        Known before = known.get();
        follower = step.next();
        Command command = step.command();
        if (command != null) {
            abandon();
            running = tools.transport.start(span, command, this);
        }
        Known now = follower.known();
        if (!now.equals(before)) {
            known.update(shown -> shown.closed() ? shown : now);
        }
    }

    private void abandon() {
        if (running != null) {
            running.abandon();
            running = null;
        }
    }
}
