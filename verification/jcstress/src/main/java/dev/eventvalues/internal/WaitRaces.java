package dev.eventvalues.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The wait lists: who leaves, who joins, who wakes. */
public final class WaitRaces {
    private WaitRaces() {}

    /** Counts how often it is woken. One waker may write at a time: each test has only one that reaches it. */
    private static final class Counted extends Waiter {
        private volatile int times;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate")
        void wake() {
            times++;
        }
    }

    /** A call that gives up during a wake takes nobody else's wake-up with it. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "1, 1, 1"},
            expect = ACCEPTABLE,
            desc = "those above and below were woken")
    @Outcome(expect = FORBIDDEN, desc = "one was forgotten, or woken twice")
    @State
    public static class UnlinkAndWake {
        private final WaitList list = new WaitList();
        private final Counted below = new Counted();
        private final Counted leaving = new Counted();
        private final Counted above = new Counted();
        private final WaitStack.Node node;

        public UnlinkAndWake() {
            list.add(below);
            node = list.add(leaving);
            list.add(above);
        }

        @Actor
        public void leaver() {
            node.remove();
        }

        @Actor
        public void waker() {
            list.wakeAll();
        }

        @Arbiter
        public void last(III_Result r) {
            r.r1 = above.times;
            r.r2 = leaving.times;
            r.r3 = below.times;
        }
    }

    /** The same, where the one that gives up is on top, and is taken off. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "the one below was woken")
    @Outcome(expect = FORBIDDEN, desc = "it was forgotten, or woken twice")
    @State
    public static class PopAndWake {
        private final WaitList list = new WaitList();
        private final Counted below = new Counted();
        private final Counted leaving = new Counted();
        private final WaitStack.Node node;

        public PopAndWake() {
            list.add(below);
            node = list.add(leaving);
        }

        @Actor
        public void leaver() {
            node.remove();
        }

        @Actor
        public void waker() {
            list.wakeAll();
        }

        @Arbiter
        public void last(II_Result r) {
            r.r1 = leaving.times;
            r.r2 = below.times;
        }
    }

    /** A call that joins while another one leaves is in the list. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "both that stay are woken")
    @Outcome(expect = FORBIDDEN, desc = "one was unlinked with the one that left")
    @State
    public static class UnlinkAndJoin {
        private final WaitList list = new WaitList();
        private final Counted below = new Counted();
        private final Counted leaving = new Counted();
        private final Counted joining = new Counted();
        private final WaitStack.Node node;

        public UnlinkAndJoin() {
            list.add(below);
            node = list.add(leaving);
        }

        @Actor
        public void leaver() {
            node.remove();
        }

        @Actor
        public void joiner() {
            list.add(joining);
        }

        @Arbiter
        public void last(III_Result r) {
            list.wakeAll();
            r.r1 = joining.times;
            r.r2 = leaving.times;
            r.r3 = below.times;
        }
    }

    /** A sweep, which removes many dead at once, forgets nobody alive. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "all that stay are woken")
    @Outcome(expect = FORBIDDEN, desc = "one was swept away")
    @State
    public static class SweepAndWake {
        private static final int DEAD = 33;

        private final WaitList list = new WaitList();
        private final Counted lowest = new Counted();
        private final Counted middle = new Counted();
        private final Counted top = new Counted();
        private final WaitStack.Node last;

        public SweepAndWake() {
            list.add(lowest);
            WaitStack.Node[] nodes = new WaitStack.Node[DEAD];
            for (int i = 0; i < DEAD; i++) {
                nodes[i] = list.add(new Counted());
                if (i == DEAD / 2) {
                    list.add(middle);
                }
            }
            list.add(top);
            for (int i = 0; i < DEAD - 1; i++) {
                nodes[i].remove();
            }
            last = nodes[DEAD - 1];
        }

        @Actor
        public void sweeper() {
            last.remove();
        }

        @Actor
        public void waker() {
            list.wakeAll();
        }

        @Arbiter
        public void last(III_Result r) {
            r.r1 = top.times;
            r.r2 = middle.times;
            r.r3 = lowest.times;
        }
    }

    /**
     * A thread that stands in two lists is woken through both at the same time: here one has woken it, and the other does
     * while it looks again. It has then been told, or stands in that list anew; else it sleeps through what comes next.
     */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "it will look again")
    @Outcome(expect = FORBIDDEN, desc = "neither woken nor in the list")
    @State
    public static class TwoListsWakeOne {
        private static final VarHandle SIGNAL;

        static {
            try {
                SIGNAL = MethodHandles.privateLookupIn(BlockedThread.class, MethodHandles.lookup())
                        .findVarHandle(BlockedThread.class, "signal", Object.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final WaitList one = new WaitList();
        private final WaitList other = new WaitList();
        private final BlockedThread waiter = new BlockedThread();

        public TwoListsWakeOne() {
            lookAt();
            one.wakeAll();
        }

        private void lookAt() {
            waiter.restart();
            waiter.arm(one);
            waiter.arm(other);
        }

        @Actor
        public void waker() {
            other.wakeAll();
        }

        @Actor
        public void waiter() {
            waiter.clear();
            lookAt();
        }

        @Arbiter
        public void last(I_Result r) {
            other.wakeAll();
            r.r1 = SIGNAL.getVolatile(waiter) != null ? 1 : 0;
        }
    }
}
