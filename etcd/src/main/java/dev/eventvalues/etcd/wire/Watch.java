package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch that a feed wants: it waits for a link, then for its turn on the link, then runs on one of its streams.
 *
 * <p>There may be a hundred thousand, so this is one object all the way. Everything here runs in the serial context, which
 * guards all fields, but for what says otherwise.
 */
final class Watch implements Gate.Guest, Transport.Running {
    private final Connection connection;
    private final Span span;
    private final Consumer<Event> events;
    private final long ticket;

    /** Null once it has been asked for, or has been abandoned before. */
    private Command.@Nullable Follow command;

    /** Where it runs; null before and after. */
    private @Nullable WatchStream stream;

    /** Its number on the stream. */
    private long id;

    Watch(Connection connection, Span span, Command.Follow command, Consumer<Event> events) {
        this.connection = connection;
        this.span = span;
        this.command = command;
        this.ticket = command.ticket();
        this.events = events;
    }

    Span span() {
        return span;
    }

    long ticket() {
        return ticket;
    }

    long id() {
        return id;
    }

    /** It is about to be asked for. Returns the first revision whose events are wanted. */
    long startsOn(WatchStream opened, long number) {
        long revision = Objects.requireNonNull(command, "abandoned").revision();
        command = null;
        stream = opened;
        id = number;
        return revision;
    }

    /** Whether it runs on a stream, under the number that it got there. */
    boolean runsOn(WatchStream some) {
        return some.equals(stream);
    }

    /** It does not run any more. */
    void ended() {
        stream = null;
    }

    void tell(Event event) {
        if (event instanceof Event.Proved) {
            // a read that works, or a watch that is accepted, is not enough for a feed to have succeeded
            connection.succeeded();
        }
        events.accept(event);
    }

    @Override
    public void pass(Link link) {
        link.follow(this);
    }

    @Override
    public void delayed(Trouble trouble) {
        events.accept(new Event.Delayed(ticket, trouble));
    }

    @Override
    public void turnedAway() {}

    @Override
    public boolean hasLeft() {
        return command == null;
    }

    /** From any thread. */
    @Override
    public void abandon() {
        connection.run(() -> {
            command = null;
            if (stream != null) {
                stream.cancel(this);
            }
        });
    }
}
