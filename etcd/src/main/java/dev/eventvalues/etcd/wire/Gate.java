package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Trouble;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is to be started through to the link in use, and keeps it while there is none.
 *
 * <p>Everything here runs in the serial context, which guards all fields.
 */
final class Gate {
    /** What waits for a link. */
    interface Guest {
        /** Starts. Called once. */
        void pass(Link link);

        /** No link is to be had for the time being. May be called again and again. */
        void delayed(Trouble trouble);

        /** No link will ever be had. */
        void turnedAway();

        /** Whether it need not be started any more. */
        boolean hasLeft();
    }

    private final Deque<Guest> waiting = new ArrayDeque<>();
    private @Nullable Link open;

    /** The link in use, if there is one. */
    @Nullable
    Link link() {
        return open;
    }

    /** Whether anything waits. */
    boolean isAwaited() {
        while (!waiting.isEmpty() && waiting.element().hasLeft()) {
            waiting.remove();
        }
        return !waiting.isEmpty();
    }

    /** Lets a guest through; returns false if it has to wait. */
    boolean enter(Guest guest) {
        if (open == null) {
            waiting.add(guest);
            return false;
        }
        guest.pass(open);
        return true;
    }

    /** Lets through all who wait, in their order, and who comes. */
    void open(Link link) {
        open = link;
        while (open != null && !waiting.isEmpty()) {
            Guest guest = waiting.remove();
            if (!guest.hasLeft()) {
                guest.pass(open);
            }
        }
    }

    void shut() {
        open = null;
    }

    /** For good: everybody is turned away. */
    void close() {
        shut();
        while (!waiting.isEmpty()) {
            waiting.remove().turnedAway();
        }
    }

    void tell(Trouble trouble) {
        List.copyOf(waiting).forEach(guest -> guest.delayed(trouble));
    }
}
