package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Standing;
import dev.eventvalues.etcd.state.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A simulated connection to one member, with the watches on it. What its member sends arrives in the order it was sent,
 * so that the answer to a probe comes behind what the member had told before; tells as the product's {@code Link} and
 * {@code WatchStream} do what proves a watch.
 */
final class Link implements Pulse {
    static final long STALE_NANOS = 5_000 * Clock.MILLIS;

    private static final long PROBE_DELAY_NANOS = 20 * Clock.MILLIS;

    private record Unproved(long since, Watch watch) {}

    final int member;

    /** Those that the member has been asked for. */
    final List<Watch> watches = new ArrayList<>();

    /** The newest revision that the member has told of. */
    long revision;

    private final Wire wire;
    private final Clock clock;
    private final List<Unproved> unproved = new ArrayList<>();

    /** Counts the connections there were, one after the other. */
    int connection;

    /** In which it is used. */
    long session;

    /** Nothing passes any more, and the client does not know. */
    boolean dead;

    /** The client has given it up. */
    boolean closed;

    private boolean probeSoon;
    private boolean overdue;
    private boolean overdueTimer;
    private @Nullable Proof last;
    private @Nullable Standing standing;

    Link(Wire wire, Clock clock, int member) {
        this.wire = wire;
        this.clock = clock;
        this.member = member;
    }

    @Override
    public @Nullable Proof last() {
        return last;
    }

    @Override
    public @Nullable Standing standing() {
        return standing;
    }

    void proved(Proof proof) {
        if (last != null && proof.nanoTime() <= last.nanoTime()) {
            return;
        }
        last = proof;
        standing = Standing.since(proof, this);
        if (overdue) {
            overdue = false;
            tellAll((watch, together) -> new Event.Proved(watch.ticket));
        }
        unproved.removeIf(each -> {
            boolean now = each.since <= proof.nanoTime();
            if (now && watches.contains(each.watch)) {
                each.watch.tell(new Event.Proved(each.watch.ticket));
            }
            return now;
        });
        awaitOverdue();
    }

    private void awaitOverdue() {
        Proof newest = last;
        if (overdueTimer || overdue || closed || newest == null) {
            return;
        }
        overdueTimer = true;
        clock.after(Math.max(1, newest.nanoTime() + STALE_NANOS + 1 - clock.now()), () -> {
            overdueTimer = false;
            if (newest.equals(last) && !closed) {
                overdue = true;
                tellAll((watch, together) -> new Event.Doubted(watch.ticket, Wire.trouble("silent")));
            }
            awaitOverdue();
        });
    }

    /** A watch was accepted, or has told the last fragment of a revision. */
    void unproved(Watch watch) {
        clock.run(() -> {
            unproved.add(new Unproved(clock.now(), watch));
            unproved.add(new Unproved(clock.now() + Follower.CATCH_UP_NANOS, watch));
        });
        if (!probeSoon) {
            probeSoon = true;
            clock.after(PROBE_DELAY_NANOS, () -> {
                probeSoon = false;
                probe();
            });
            clock.after(Follower.CATCH_UP_NANOS + 2 * PROBE_DELAY_NANOS, this::probe);
        }
    }

    private void probe() {
        if (!closed) {
            wire.probe(this, false);
        }
    }

    /** The client finds that nothing comes any more, or wants nothing more. */
    void end(Trouble trouble, int besides) {
        tellAll((watch, together) -> new Event.Lost(watch.ticket, trouble, together + besides));
        watches.clear();
    }

    private void tellAll(BiFunction<Watch, Integer, Event> event) {
        List<Watch> all = List.copyOf(watches);
        all.forEach(watch -> watch.tell(event.apply(watch, all.size())));
    }

    @Override
    public String toString() {
        return "connection to member " + member;
    }
}
