package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.Map;

/**
 * What happened to a {@link Command}. It carries the ticket of that command; if another command has replaced it since,
 * the event is late and ignored.
 */
public sealed interface Event {
    /**
     * The ticket of the command this answers.
     *
     * @return as in the command
     */
    long ticket();

    /**
     * A page of a reading.
     *
     * @param ticket as in the command
     * @param origin who answered; the revision is that of the store now, not of the page
     * @param items in the order of their keys
     * @param more whether the span goes on behind the last key
     * @param session which use of which connection it was asked for in: between those of the same number, no outage was
     *     noticed in which the store could have been replaced
     */
    record Page(long ticket, Origin origin, List<Map.Entry<Key, Item>> items, boolean more, long session)
            implements Event {}

    /**
     * The page was too much: it does not fit into a message, or has not come in time.
     *
     * @param ticket as in the command
     * @param trouble what became of it
     */
    record Oversized(long ticket, Trouble trouble) implements Event {}

    /**
     * A linearizable read succeeded.
     *
     * @param ticket as in the command
     * @param origin the newest revision there is
     */
    record Confirmed(long ticket, Origin origin) implements Event {}

    /**
     * The server has accepted the watch. Says nothing about events.
     *
     * @param ticket as in the command
     * @param origin one member's word; it may lag
     * @param from the revision it begins at, one of the two of the command
     * @param pulse proves the connection that the watch runs on
     * @param session as in {@link Page}
     */
    record Opened(long ticket, Origin origin, long from, Pulse pulse, long session) implements Event {}

    /**
     * Events of the watch.
     *
     * @param ticket as in the command
     * @param changes in the order of their revisions
     * @param fragment true if the rest of the last revision follows
     */
    record Updated(long ticket, List<Change> changes, boolean fragment) implements Event {}

    /**
     * The watch has seen everything up to a revision.
     *
     * @param ticket as in the command
     * @param revision the revision
     */
    record Progressed(long ticket, long revision) implements Event {}

    /**
     * What was asked for has been compacted away.
     *
     * @param ticket as in the command
     */
    record Compacted(long ticket) implements Event {}

    /**
     * The store has not come to the revision that was asked for.
     *
     * @param ticket as in the command
     */
    record Ahead(long ticket) implements Event {}

    /**
     * The command failed by itself: refused, cancelled, not answered.
     *
     * @param ticket as in the command
     * @param trouble why
     */
    record Failed(long ticket, Trouble trouble) implements Event {}

    /**
     * The stream that a watch ran on ended, with all of its watches, or the connection that it waited for its turn on.
     *
     * @param ticket as in the command
     * @param trouble why
     * @param together how many watches ended with it
     */
    record Lost(long ticket, Trouble trouble, int together) implements Event {}

    /**
     * The command has to wait: no member is known to be usable.
     *
     * @param ticket as in the command
     * @param trouble why
     */
    record Delayed(long ticket, Trouble trouble) implements Event {}

    /**
     * The connection that the watch runs on has not been proved for too long.
     *
     * @param ticket as in the command
     * @param trouble why
     */
    record Doubted(long ticket, Trouble trouble) implements Event {}

    /**
     * The connection that the watch runs on, doubted before, has been proved again.
     *
     * @param ticket as in the command
     */
    record Proved(long ticket) implements Event {}

    /**
     * An {@link Audit} has found that the watch has not told everything.
     *
     * @param ticket as in the command
     */
    record Distrusted(long ticket) implements Event {}

    /**
     * The rest is over.
     *
     * @param ticket as in the command
     */
    record Rested(long ticket) implements Event {}
}
