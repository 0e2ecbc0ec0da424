package dev.eventvalues.internal;

import dev.eventvalues.internal.WaitStack.Node;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing to change.
 *
 * <p>The owner of the thing changes it and then calls {@link #wakeAll}; a waiter is {@linkplain #add added} and then
 * looks at the thing again before it waits. Whichever comes second sees the other, so no change is missed. With nobody
 * waiting, {@code wakeAll} is two volatile reads.
 *
 * <p>Where there are very many things, the owner can be the list itself.
 */
public class WaitList {
    /*
     * Waking a virtual thread is cheap, but ten thousand of them would hold up the owner for a millisecond. So it wakes
     * the first few, and gives the rest to one of them, which does the same before it looks at anything. That only goes
     * to a thread that is parked, by us: so no user code comes first. And only among virtual threads, all of which run on
     * one scheduler, in turn. A platform thread may be held up by its priority, and a task by its executor, so these are
     * woken by the owner. So are virtual threads on a Java where `synchronized` pins them: one that waits there holds a
     * carrier and needs no other, while those before it may need that very carrier.
     */
    private static final VarHandle RELAYED;
    private static final VarHandle DIRECT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RELAYED = lookup.findVarHandle(WaitList.class, "relayed", WaitStack.class);
            DIRECT = lookup.findVarHandle(WaitList.class, "direct", WaitStack.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many are woken before the rest is given away: some ten microseconds of work. */
    private static final int FEW = 64;

    /** Who may wake the others; null until there was one. */
    private volatile @Nullable WaitStack relayed;

    /** Everyone else; null until there was one. */
    private volatile @Nullable WaitStack direct;

    /** Creates an empty list. */
    public WaitList() {}

    /** Adds {@code waiter}, which is woken at most once for each time it is added. */
    final Node add(Waiter waiter) {
        return (waiter.mayRelay() ? stack(relayed, RELAYED) : stack(direct, DIRECT)).push(waiter);
    }

    private WaitStack stack(@Nullable WaitStack known, VarHandle field) {
        if (known != null) {
            return known;
        }
        WaitStack fresh = new WaitStack();
        WaitStack first = (WaitStack) field.compareAndExchange(this, null, fresh);
        return first == null ? fresh : first;
    }

    /** Wakes everyone who is in the list now. Never blocks, throws nothing. Call it after the change, not before. */
    public final void wakeAll() {
        WaitStack some = relayed;
        if (some != null) {
            relay(some.detach());
        }
        some = direct;
        if (some != null) {
            wakeEach(some.detach());
        }
    }

    private static void wakeEach(@Nullable Node first) {
        for (Node node = first; node != null; node = node.next()) {
            Waiter waiter = node.claim();
            if (waiter != null) {
                waiter.wake();
            }
        }
    }

    /** Wakes {@code first} and all below it, by their own help. */
    static void relay(@Nullable Node first) {
        int woken = 0;
        Node rest;
        for (Node node = first; node != null; node = rest) {
            rest = node.next();
            Waiter waiter = node.claim();
            if (waiter != null) {
                if (rest != null && ++woken >= FEW && waiter.wakeWith(rest)) {
                    return;
                }
                waiter.wake();
            }
        }
    }

    /** How many nodes are linked, dead or alive. For tests of what is left behind. */
    final int linked() {
        return linked(relayed) + linked(direct);
    }

    private static int linked(@Nullable WaitStack stack) {
        return stack == null ? 0 : stack.linked();
    }
}
