package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import java.util.ArrayList;
import java.util.List;

/** A watch as a member serves it. What it has sent and what has arrived is one thing: what is cut on the way is lost. */
final class Watch {
    final long ticket;

    private final Feed feed;
    private final Link link;
    private final Simulation simulation;

    /** The next revision to be told. */
    private long next;

    /** The events of a revision that are still to come. */
    private List<Change> rest = List.of();

    private boolean accepted;
    private long acceptedAt;
    private Event opened;
    private boolean told;

    /** What had happened before it was accepted is being told, or has been; a compaction does not matter any more. */
    private boolean inStep;

    /** Old releases lose the removals of this revision: the first that is wanted, and the one compacted at. */
    private long losingRemovalsOf;

    /** Where it began. */
    private final long from;

    private final long session;

    Watch(Simulation simulation, Feed feed, Link link, Command.Follow command) {
        this.simulation = simulation;
        this.feed = feed;
        this.link = link;
        this.ticket = command.ticket();
        this.session = link.session;
        this.from = link.revision < command.revision() ? command.revision() : command.early();
        this.next = Math.max(from, 2); // the first there is
        this.opened = new Event.Proved(ticket);
        link.watches.add(this);
    }

    void tell(Event event) {
        feed.accept(event);
    }

    private Store.Head head() {
        return simulation.cluster.head(link.member);
    }

    private Store store() {
        return simulation.cluster.store();
    }

    /** Whether everything has been told. */
    boolean isDone() {
        return told && inStep && rest.isEmpty() && next > store().revision();
    }

    /** Whether a revision has been told in part. */
    boolean isInPieces() {
        return !rest.isEmpty();
    }

    private void accept() {
        accepted = true;
        acceptedAt = simulation.clock.now();
        inStep = next > head().revision();
        opened = new Event.Opened(ticket, store().origin(head()), from, link, session);
        link.revision = Math.max(link.revision, head().revision());
    }

    private void open() {
        told = true;
        tell(opened);
        link.unproved(this);
    }

    private void catchUp() {
        if (next < head().compacted()) {
            link.watches.remove(this);
            tell(new Event.Compacted(ticket));
        } else {
            inStep = true;
            losingRemovalsOf = simulation.oldRelease && next == head().compacted() ? next : 0;
        }
    }

    /** The member does the next thing it has to do. */
    void serve() {
        if (!accepted) {
            if (simulation.happens(Fault.DENIED_WATCH)) {
                link.watches.remove(this);
                tell(new Event.Failed(ticket, Wire.denied()));
            } else {
                accept();
            }
        } else if (!told) {
            open();
        } else if (!inStep) {
            catchUp();
        } else if (!rest.isEmpty()) {
            send(rest);
        } else if (next <= head().revision()) {
            sendNext();
        } else if (simulation.dice.oneIn(4)) {
            tell(new Event.Progressed(ticket, head().revision()));
        }
    }

    /**
     * A probe is about to be answered: what was told before comes before. Only what has been accepted lately may still have
     * to catch up, and what comes in fragments may be on its way.
     */
    void flush(long revision, long probeSent) {
        if (accepted && !told) {
            open(); // perhaps it is replaced for that, and what follows is late
        }
        if (told && !inStep && probeSent - acceptedAt >= Follower.CATCH_UP_NANOS) {
            catchUp();
        }
        while (told && inStep && link.watches.contains(this) && (next <= revision || !rest.isEmpty())) {
            if (rest.isEmpty()) {
                sendNext();
            } else if (simulation.dice.oneIn(2)) {
                return;
            } else {
                send(rest);
            }
        }
    }

    /** Tells everything up to a revision. */
    void flushAll(long revision) {
        if (!accepted) {
            accept();
        }
        if (!told) {
            open();
        }
        if (!inStep && link.watches.contains(this)) {
            catchUp();
        }
        while (inStep && link.watches.contains(this) && (next <= revision || !rest.isEmpty())) {
            if (rest.isEmpty()) {
                sendNext();
            } else {
                send(rest);
            }
        }
    }

    private void sendNext() {
        List<Change> changes = new ArrayList<>();
        if (simulation.happens(Fault.SENT_TWICE)) {
            for (long again = Math.max(2, next - 1 - simulation.dice.below(3)); again < next; again++) {
                changes.addAll(store().changes(again, feed.keys));
            }
        }
        int repeated = changes.size();
        do {
            for (Change change : store().changes(next, feed.keys)) {
                if (change.item() != null || next != losingRemovalsOf) {
                    changes.add(change);
                }
            }
            next++;
        } while (next <= head().revision() && simulation.dice.oneIn(2));
        if (changes.size() == repeated) {
            return; // of other keys
        }
        if (simulation.happens(Fault.LOST_EVENTS)) {
            feed.deceived();
            return;
        }
        send(changes);
    }

    private void send(List<Change> changes) {
        boolean inPieces = changes.size() > 1 && simulation.happens(Fault.FRAGMENTS);
        int cut = inPieces ? 1 + simulation.dice.below(changes.size() - 1) : changes.size();
        boolean last = rest.equals(changes);
        rest = List.copyOf(changes.subList(cut, changes.size()));
        tell(new Event.Updated(ticket, List.copyOf(changes.subList(0, cut)), !rest.isEmpty()));
        if (last && rest.isEmpty()) {
            link.unproved(this);
        }
    }

    /** What it would have told next, for one who has left. */
    Event late() {
        if (!accepted || !told) {
            accept();
            return opened;
        }
        List<Change> changes = new ArrayList<>(rest);
        for (long revision = next; revision <= head().revision(); revision++) {
            changes.addAll(store().changes(revision, feed.keys));
        }
        return changes.isEmpty()
                ? new Event.Progressed(ticket, head().revision())
                : new Event.Updated(ticket, changes, false);
    }
}
