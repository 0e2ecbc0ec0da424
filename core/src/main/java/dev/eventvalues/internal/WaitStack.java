package dev.eventvalues.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Waiters, the last on top. Whoever wakes them takes them all; whoever gives up leaves. */
final class WaitStack {
    /*
     * A Treiber stack of nodes. A waker detaches the whole stack, so two of them never meet at a node. A node is claimed,
     * by its waker or by the call that gives up, by setting `waiter` to null; then it is garbage wherever it is linked. If
     * both do so at the same time, someone who gave up is woken, which is harmless, and `dead` counts one too many.
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
        private static final VarHandle NEXT = handle(Node.class, "next", Node.class);

        private final WaitStack stack;

        /** Written before the node is published; then only cleared, by whoever claims it. */
        private volatile @Nullable Waiter waiter;

        /** Written before the node is published, then by the sweeper only. */
        private volatile @Nullable Node next;

        private Node(WaitStack stack, Waiter waiter) {
            this.stack = stack;
            WAITER.set(this, waiter); // plain: it is published by compare-and-set
        }

        @Nullable
        Node next() {
            return next;
        }

        boolean isDone() {
            return waiter == null;
        }

        /** Takes the waiter out; null if that was done before. */
        @Nullable
        Waiter claim() {
            Waiter claimed = waiter;
            if (claimed != null) {
                // Not weaker: a wake that finds its waiter woken already writes nothing more, and relies on the waiter,
                // which takes that back before it looks at its nodes, seeing that this one is done.
                waiter = null;
            }
            return claimed;
        }

        /** Takes the node out of its stack, unless it was woken already. */
        void remove() {
            if (claim() != null) {
                stack.unlink(this);
            }
        }
    }

    private static final VarHandle HEAD = handle(WaitStack.class, "head", Node.class);
    private static final VarHandle DEAD = handle(WaitStack.class, "dead", int.class);
    private static final VarHandle SWEEPING = handle(WaitStack.class, "sweeping", boolean.class);
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

    Node push(Waiter waiter) {
        Node node = new Node(this, waiter);
        Node top;
        do {
            top = head;
            Node.NEXT.set(node, top);
        } while (!HEAD.compareAndSet(this, top, node));
        return node;
    }

    /** Empties it, and returns what was on top. */
    @Nullable
    Node detach() {
        return head == null ? null : (Node) HEAD.getAndSet(this, null);
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
