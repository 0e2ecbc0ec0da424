package dev.eventvalues.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** One value: publication, and the order of its states. 0 stands for none. */
public final class CellRaces {
    private CellRaces() {}

    /** What happened before a set is seen by whoever sees the state. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both")
    @Outcome(
            id = {"0, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "too early")
    @Outcome(expect = FORBIDDEN, desc = "the state, but not what came before it")
    @State
    public static class PublishAndSee {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();
        private int before;

        @Actor
        public void setter() {
            before = 1;
            value.set(1);
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = watcher.poll().orElse(0);
            r.r2 = before;
        }
    }

    /** A state whose fields are plain is seen whole. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "none, or a whole one")
    @Outcome(expect = FORBIDDEN, desc = "a torn pair")
    @State
    public static class ValuePair {
        private final MemoryValue<Pair> value = new MemoryValue<>();

        @Actor
        public void setter() {
            value.set(new Pair(1));
            value.set(new Pair(2));
        }

        @Actor
        public void reader(II_Result r) {
            Pair pair = value.current().orElse(null);
            r.r1 = pair == null ? 0 : pair.a;
            r.r2 = pair == null ? 0 : pair.b;
        }

        private static final class Pair {
            private int a;
            private int b;

            Pair(int number) {
                a = number;
                b = number;
            }
        }
    }

    /** A watcher is told newer and newer states. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "0, 2", "1, 0", "1, 2", "2, 0"},
            expect = ACCEPTABLE,
            desc = "in order")
    @Outcome(expect = FORBIDDEN, desc = "twice, or back in time")
    @State
    public static class NoBackInTime {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void setter() {
            value.set(1);
            value.set(2);
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = watcher.poll().orElse(0);
            r.r2 = watcher.poll().orElse(0);
        }
    }

    /** Reading again never shows an older state. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "in order")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    @State
    public static class CurrentTwice {
        private final MemoryValue<Integer> value = new MemoryValue<>();

        @Actor
        public void setter() {
            value.set(1);
            value.set(2);
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = value.current().orElse(0);
            r.r2 = value.current().orElse(0);
        }
    }

    /** Two sets have one order, the same for all. */
    @JCStressTest
    @Outcome(
            id = {"1, 2, 2", "2, 2, 2", "1, 1, 1", "1, 2, 1"},
            expect = ACCEPTABLE,
            desc = "one order")
    @Outcome(expect = FORBIDDEN, desc = "no order explains it")
    @State
    public static class TwoSetters {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void one(III_Result r) {
            value.set(1);
            r.r1 = value.current().orElse(0);
        }

        @Actor
        public void two(III_Result r) {
            value.set(2);
            r.r2 = value.current().orElse(0);
        }

        @Arbiter
        public void last(III_Result r) {
            r.r3 = watcher.poll().orElse(0);
        }
    }

    /** No update is lost to another one. */
    @JCStressTest
    @Outcome(
            id = {"1, 2, 2", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "an update was lost")
    @State
    public static class TwoUpdates {
        private final MemoryValue<Integer> value = new MemoryValue<>(0);

        @Actor
        public void one(III_Result r) {
            r.r1 = value.update(state -> state + 1);
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = value.update(state -> state + 1);
        }

        @Arbiter
        public void last(III_Result r) {
            r.r3 = value.current().orElse(0);
        }
    }

    /** A watcher that is opened during a set is told the state once: at once, or later. */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "once")
    @Outcome(expect = FORBIDDEN, desc = "twice, or never")
    @State
    public static class WatchAndSet {
        private final MemoryValue<Integer> value = new MemoryValue<>();

        @SuppressWarnings("NullAway.Init") // by the reader
        private Watcher<Integer> watcher;

        @Actor
        public void setter() {
            value.set(1);
        }

        @Actor
        public void reader(II_Result r) {
            watcher = value.watch();
            r.r1 = watcher.poll().orElse(0);
        }

        @Arbiter
        public void last(II_Result r) {
            r.r2 = watcher.poll().orElse(0);
        }
    }
}
