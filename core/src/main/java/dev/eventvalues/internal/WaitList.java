package dev.eventvalues.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing to change.
 *
 * <p>The owner of the thing changes it and then calls {@link #wakeAll}; a waiter is {@linkplain #add added} and then
 * looks at the thing again before it waits. Whichever comes second sees the other, so no change is missed. With nobody
 * waiting, {@code wakeAll} is one volatile read.
 */
public final class WaitList {
    /*
     * A Treiber stack of nodes. wakeAll detaches the whole stack, so a waker never meets a node twice. A node is
     * claimed once, by its waker or by the call that gives up: `waiter` is set to null atomically, and who got the
     * waiter out acts on it. A claimed node is garbage wherever it is linked.
     *
     * A call that gives up pops the dead nodes on top, its own among them in the usual case of one waiter. Otherwise
     * its node stays, and is counted; once there are more dead nodes than were alive at the last sweep, one thread
     * sweeps. So a value that is never set holds O(live waiters) nodes, and giving up costs O(1) on average.
     *
     * Only the sweeper writes `next` of a linked node. It may race a pop or a detach: then a dead node stays linked or
     * an already detached node is written; both are harmless, as neither makes a live node unreachable.
     */
    static final class Node {
        private static final VarHandle WAITER = handle(Node.class, "waiter", Waiter.class);

        private final WaitList list;

        @SuppressWarnings("unused") // read and cleared through WAITER
        private volatile @Nullable Waiter waiter;

        /** Written before the node is published, then by the sweeper only. */
        private volatile @Nullable Node next;

        private Node(WaitList list, Waiter waiter) {
            this.list = list;
            this.waiter = waiter;
        }

        boolean isDone() {
            return waiter == null;
        }

        /** Takes the node out of its list, unless it was woken already. */
        void remove() {
            if (claim() != null) {
                list.unlink(this);
            }
        }

        private @Nullable Waiter claim() {
            return waiter == null ? null : (Waiter) WAITER.getAndSet(this, null);
        }
    }

    private static final VarHandle HEAD = handle(WaitList.class, "head", Node.class);
    private static final VarHandle DEAD = handle(WaitList.class, "dead", int.class);
    private static final VarHandle SWEEPING = handle(WaitList.class, "sweeping", boolean.class);
    private static final int FEWEST_TO_SWEEP = 32;

    private volatile @Nullable Node head;

    /** Nodes that died below the top since the last sweep; approximate. */
    @SuppressWarnings("unused") // counted through DEAD
    private volatile int dead;

    /** How many of them start a sweep. Written by the sweeper. */
    private volatile int sweepAt = FEWEST_TO_SWEEP;

    /** Whoever sets it sweeps. */
    @SuppressWarnings("unused") // accessed through SWEEPING
    private volatile boolean sweeping;

    /** Creates an empty list. */
    public WaitList() {}

    /** Adds {@code waiter}, which is woken at most once for each time it is added. */
    Node add(Waiter waiter) {
        Node node = new Node(this, waiter);
        Node top;
        do {
            top = head;
            node.next = top;
        } while (!HEAD.compareAndSet(this, top, node));
        return node;
    }

    /** Wakes everyone who is in the list now. Never blocks, throws nothing. Call it after the change, not before. */
    public void wakeAll() {
        if (head != null) {
            wake((Node) HEAD.getAndSet(this, null));
        }
    }

    private static void wake(@Nullable Node first) {
        for (Node node = first; node != null; node = node.next) {
            Waiter waiter = node.claim();
            if (waiter != null) {
                waiter.wake();
            }
        }
    }

    private void unlink(Node node) {
        if (popDead(node)) {
            return;
        }
        if ((int) DEAD.getAndAdd(this, 1) >= sweepAt && SWEEPING.compareAndSet(this, false, true)) {
            try {
                sweep();
            } finally {
                sweeping = false;
            }
        }
    }

    /** Takes the dead nodes off the top; true if {@code node} was one of them. */
    private boolean popDead(Node node) {
        boolean popped = false;
        for (Node top = head; top != null && top.isDone(); top = head) {
            popped |= HEAD.compareAndSet(this, top, top.next) && top == node;
        }
        return popped;
    }

    private void sweep() {
        dead = 0;
        int live = 0;
        Node kept = null;
        for (Node node = head; node != null; node = node.next) {
            if (!node.isDone()) {
                live++;
                kept = node;
            } else if (kept != null) {
                kept.next = node.next;
            } else if (!HEAD.compareAndSet(this, node, node.next)) {
                kept = node; // somebody was added above it: it goes with the next sweep
            }
        }
        sweepAt = Math.max(FEWEST_TO_SWEEP, live);
    }

    /** How many nodes are linked, dead or alive. For tests of what is left behind. */
    int linked() {
        int count = 0;
        for (Node node = head; node != null; node = node.next) {
            count++;
        }
        return count;
    }

    private static VarHandle handle(Class<?> owner, String field, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
