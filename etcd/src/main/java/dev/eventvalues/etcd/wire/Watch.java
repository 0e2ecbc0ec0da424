package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
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
    private final Consumer<Event> events;
    private final long ticket;

    /** Where it is; null once it has ended, or has been abandoned. */
    private @Nullable Place place;

    /** Its number on the stream. */
    private long id;

    /** The session it was asked for in. */
    private long session;

    /** Where a watch can be: an order that waits, or a stream it runs on. */
    sealed interface Place permits Order, WatchStream {}

    /**
     * What is to be asked for.
     *
     * @param span which keys
     * @param command from which revision on
     */
    record Order(Span span, Command.Follow command) implements Place {}

    Watch(Connection connection, Span span, Command.Follow command, Consumer<Event> events) {
        this.connection = connection;
        this.place = new Order(span, command);
        this.ticket = command.ticket();
        this.events = events;
    }

    long ticket() {
        return ticket;
    }

    long id() {
        return id;
    }

    long session() {
        return session;
    }

    /** It is about to be asked for. Returns what it is. */
    Order startsOn(WatchStream stream, long number) {
        if (!(place instanceof Order order)) {
            throw new IllegalStateException("not to be asked for any more");
        }
        place = stream;
        id = number;
        return order;
    }

    /** Whether it runs on a stream, under the number that it got there. */
    boolean runsOn(WatchStream stream) {
        return stream.equals(place);
    }

    /** It does not run any more. */
    void ended() {
        place = null;
    }

    /** It does not run any more, or will not, with others. */
    void lost(Trouble trouble, int together) {
        ended();
        tell(new Event.Lost(ticket, trouble, together));
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
        session = link.session();
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
        return !(place instanceof Order);
    }

    /** From any thread. */
    @Override
    public void abandon() {
        connection.run(() -> {
            if (place instanceof WatchStream stream) {
                stream.cancel(this);
            }
            place = null;
        });
    }
}
