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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Follows one span: runs the state machine over a transport and shows what it knows in a cell. */
final class LiveFeed {
    private static final System.Logger LOG = System.getLogger(LiveFeed.class.getPackageName());

    private final Span span;
    private final Transport transport;
    private final Clockwork clockwork;
    private final Limits limits;
    private final @Nullable Auditor auditor;
    private final Cell<Known> known = new Cell<>();

    /** When it was made, by the wall clock. */
    private final long since = System.currentTimeMillis();

    private final AtomicBoolean started = new AtomicBoolean();

    /** Null before the start and after the stop. Guarded by the serial context. */
    private @Nullable Follower follower;

    /** Guarded by the serial context. */
    private boolean stopped;

    /** Guarded by the serial context. */
    private Transport.@Nullable Running running;

    /** How many hold the feed. Guarded by {@link Feeds}, in the map's atomic steps. */
    int holders;

    /** Grows with each holder, so that a timer can tell whether there was one. Guarded like {@link #holders}. */
    long uses;

    /** Whether a timer is running that will look whether the feed is still used. Guarded like {@link #holders}. */
    boolean lingering;

    LiveFeed(Span span, Transport transport, Clockwork clockwork, Limits limits, Auditor.Schedule audits) {
        this.span = span;
        this.transport = transport;
        this.clockwork = clockwork;
        this.limits = limits;
        this.auditor = audits.nanos() > 0
                ? new Auditor(span, transport, clockwork, audits, () -> follower, this::happened)
                : null;
        known.set(Known.NOTHING);
    }

    Cell<Known> known() {
        return known;
    }

    Instant since() {
        return Instant.ofEpochMilli(since);
    }

    /** Starts, the first time. */
    void start() {
        if (!started.get() && started.compareAndSet(false, true)) {
            clockwork.run(() -> {
                if (!stopped) {
                    become(Follower.start(span, limits));
                    if (auditor != null) {
                        auditor.start();
                    }
                }
            });
        }
    }

    /** Stops for good: what runs is abandoned, and the cell shows nothing new but its end, that at once. */
    void stop(boolean closed) {
        if (closed) {
            known.update(Known::close);
        }
        clockwork.run(() -> {
            stopped = true;
            follower = null;
            abandon();
        });
    }

    private void happened(Event event) {
        clockwork.run(() -> {
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
            running = transport.start(span, command, this::happened);
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
