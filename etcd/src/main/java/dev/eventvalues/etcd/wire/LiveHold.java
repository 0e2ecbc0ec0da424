package dev.eventvalues.etcd.wire;

import dev.eventvalues.Registration;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.HoldCommand;
import dev.eventvalues.etcd.state.HoldEvent;
import dev.eventvalues.etcd.state.HoldStatus;
import dev.eventvalues.etcd.state.Holding;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Moment;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.internal.Cell;
import dev.eventvalues.internal.Listening;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds one key: runs the state machine and shows its status in a cell.
 *
 * <p>The machine and all that belongs to it are guarded by the serial context.
 */
public final class LiveHold {
    private final Holds tools;
    private final Key key;
    private final byte[] value;
    private final long seconds;
    private final Feeds.Hold feed;
    private final Cell<HoldStatus> status = new Cell<>();

    /** Null before the start. */
    private @Nullable Holding machine;

    private @Nullable Registration news;

    /** Set once, by any thread. */
    private volatile boolean closing;

    /** The next {@link HoldEvent.Due}. */
    private Transport.@Nullable Running due;

    private @Nullable Moment dueAt;

    LiveHold(Holds tools, Key key, byte[] value, long seconds, Feeds.Hold feed) {
        this.tools = tools;
        this.key = key;
        this.value = value;
        this.seconds = seconds;
        this.feed = feed;
        status.set(new HoldStatus.Undecided());
    }

    void start() {
        tools.clockwork().run(() -> {
            become(Holding.start(
                    TimeUnit.SECONDS.toNanos(seconds), TimeUnit.NANOSECONDS.convert(tools.closingTime()), now()));
            // what the listener is told, it is told in the serial context
            news = Listening.start(feed.feed().cursor(), this::seen, null, tools.clockwork()::run);
        });
    }

    /**
     * What the holder may believe.
     *
     * @return a cell that is always set; its state may be outdated by the time, see {@link HoldStatus#at}
     */
    public Cell<HoldStatus> status() {
        return status;
    }

    /** Starts to give the key back. From now on nobody believes in it. Idempotent; does not block. */
    public void close() {
        closing = true;
        status.update(this::shown); // the serial context may be busy
        happened(new HoldEvent.Close());
    }

    private HoldStatus shown(HoldStatus now) {
        return closing && !(now instanceof HoldStatus.Closed) ? new HoldStatus.Closing() : now;
    }

    /** Ends at once. */
    void end() {
        happened(new HoldEvent.End());
    }

    /**
     * The present.
     *
     * @return by both clocks
     */
    public static Moment now() {
        return new Moment(System.nanoTime(), Instant.now());
    }

    private void seen(Known known) {
        if (known.closed()) {
            end();
        } else if (known.items() != null) {
            happened(new HoldEvent.Seen(
                    known.epoch(), known.revision(), known.items().get(key)));
        }
    }

    private void happened(HoldEvent event) {
        tools.clockwork().run(() -> {
            if (machine != null && !machine.hasEnded()) {
                become(machine.step(event, now()));
            } else if (event instanceof HoldEvent.Granted late) {
                become(Objects.requireNonNull(machine).step(late, now()));
            }
        });
    }

    private void become(Holding.Step step) {
        machine = step.next();
        HoldStatus now = machine.status();
        if (!now.equals(status.get())) {
            status.update(before -> shown(now)); // before anything is given back
        }
        step.commands().forEach(this::run);
        schedule(machine.due());
        if (machine.hasEnded()) {
            release();
        }
    }

    private void schedule(@Nullable Moment next) {
        if (Objects.equals(next, dueAt)) {
            return;
        }
        if (due != null) {
            due.abandon();
        }
        dueAt = next;
        due = next == null ? null : tools.clockwork().after(next.nanoTime() - System.nanoTime(), this::due);
    }

    private void due() {
        dueAt = null;
        due = null;
        happened(new HoldEvent.Due());
    }

    private void release() {
        if (news != null) {
            news.close();
        }
        feed.close();
        tools.ended(this);
    }

    private void run(HoldCommand command) {
        if (command instanceof HoldCommand.Grant grant) {
            send(
                    tools.leases().grant(seconds),
                    lease -> new HoldEvent.Granted(grant.ticket(), lease),
                    trouble -> new HoldEvent.Failed(grant.ticket(), trouble));
        } else if (command instanceof HoldCommand.Take take) {
            send(
                    tools.store().create(key, value, take.lease()),
                    outcome -> outcome.found() == null
                            ? new HoldEvent.Taken(take.ticket(), outcome.revision())
                            : new HoldEvent.Occupied(take.ticket(), outcome.found()),
                    trouble -> new HoldEvent.Failed(take.ticket(), trouble));
        } else if (command instanceof HoldCommand.Renew renew) {
            send(
                    tools.leases().renew(renew.lease()),
                    alive -> alive
                            ? new HoldEvent.Renewed(renew.lease(), renew.sent())
                            : new HoldEvent.Gone(renew.lease()),
                    trouble -> new HoldEvent.NotRenewed(renew.lease(), trouble));
        } else if (command instanceof HoldCommand.Revoke revoke) {
            send(
                    tools.leases().revoke(revoke.lease()),
                    done -> new HoldEvent.Revoked(revoke.ticket()),
                    trouble -> new HoldEvent.Failed(revoke.ticket(), trouble));
        } else if (command instanceof HoldCommand.Rest rest) {
            tools.clockwork()
                    .after(
                            tools.backoff().nanos(rest.attempt(), ThreadLocalRandom.current()),
                            () -> happened(new HoldEvent.Rested(rest.ticket())));
        }
    }

    private <A> void send(
            CompletableFuture<A> request, Function<A, HoldEvent> onAnswer, Function<Trouble, HoldEvent> onFailure) {
        Object unused = request.whenComplete((answer, failure) ->
                happened(failure == null ? onAnswer.apply(answer) : onFailure.apply(trouble(failure))));
    }

    private static Trouble trouble(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof RequestFailedException failed)) {
            return new Trouble(Trouble.Kind.UNREACHABLE, String.valueOf(cause));
        }
        return Store.isTooLarge(failed.trouble())
                ? new Trouble(Trouble.Kind.REFUSED, failed.trouble().message())
                : failed.trouble();
    }

    /** Names the key; never shows the value. */
    @Override
    public String toString() {
        return "LiveHold[" + key + ", " + seconds + " s, " + status.get() + "]";
    }
}
