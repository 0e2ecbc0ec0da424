package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Audit;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Span;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Audits one feed now and then: reads its span beside the watch, and has it read anew if the server has not told
 * everything.
 *
 * <p>Everything here runs in the serial context, which guards all fields.
 */
final class Auditor {
    /**
     * How often, and who counts.
     *
     * @param nanos the time between two audits of a feed; 0 for none
     * @param lost counts the keys that audits have found to differ
     */
    record Schedule(long nanos, LongAdder lost) {}

    private static final System.Logger LOG = System.getLogger(Auditor.class.getPackageName());

    /** What the server has told by then, it has told. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Span span;
    private final Transport transport;
    private final Clockwork clockwork;
    private final Schedule schedule;
    private final Supplier<@Nullable Follower> feed;
    private final Consumer<Event> verdict;

    /** Null between two audits. */
    private @Nullable Audit audit;

    private long ticket;

    /**
     * Creates an auditor that is not at work yet.
     *
     * @param feed gives the state of the feed; null once it has stopped, which ends the audits
     * @param verdict gets {@link Event.Distrusted}
     */
    Auditor(
            Span span,
            Transport transport,
            Clockwork clockwork,
            Schedule schedule,
            Supplier<@Nullable Follower> feed,
            Consumer<Event> verdict) {
        this.span = span;
        this.transport = transport;
        this.clockwork = clockwork;
        this.schedule = schedule;
        this.feed = feed;
        this.verdict = verdict;
    }

    /** Audits after a while, never all feeds at once; and so on. */
    void start() {
        audit = null;
        if (feed.get() != null) {
            long early = ThreadLocalRandom.current().nextLong(schedule.nanos / 4 + 1);
            clockwork.after(schedule.nanos - early, this::begin);
        }
    }

    private void begin() {
        Follower follower = feed.get();
        if (follower == null || follower.watching() < 0) {
            start(); // it is about to be read anyway
        } else {
            audit = follower.audit();
            read();
        }
    }

    private void read() {
        Command.Read page = audit == null ? null : audit.next(++ticket);
        if (page == null) {
            clockwork.after(GRACE_NANOS, this::judge);
        } else {
            transport.start(span, page, event -> clockwork.run(() -> answered(event)));
        }
    }

    private void answered(Event event) {
        if (event.ticket() != ticket || audit == null || event instanceof Event.Delayed) {
            return;
        }
        audit = event instanceof Event.Page page
                ? audit.with(page)
                : event instanceof Event.Oversized ? audit.withSmallerPage() : null;
        if (audit == null) {
            start(); // not this time
        } else {
            read();
        }
    }

    private void judge() {
        Follower follower = feed.get();
        if (follower != null && audit != null && follower.watching() >= 0) {
            int lost = audit.lost(follower.known());
            if (lost > 0) {
                schedule.lost.add(lost);
                LOG.log(
                        System.Logger.Level.WARNING,
                        "etcd has not told of " + lost + " of the changes to the " + span
                                + ", as an audit found; they are read again");
                verdict.accept(new Event.Distrusted(follower.watching()));
            }
        }
        start();
    }
}
