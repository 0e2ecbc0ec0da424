package dev.eventvalues.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.RendezvousValue;
import dev.eventvalues.Values;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The calls of a watcher: blocked, pending, cancelled, closed. 0 stands for none. */
public final class CallRaces {
    private static final int CLOSED = -1;
    private static final int REFUSED = -2;
    private static final int TIME_IS_UP = -3;
    private static final int CANCELLED = -4;

    /** Only a lost wake-up takes that long. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofMillis(1);

    /** Whether a wake-up was lost in this JVM: a finding, which need not take so long again. Written by whoever waits. */
    private static boolean lost;

    private CallRaces() {}

    private static int next(Watcher<Integer> watcher) {
        Duration limit = limit();
        long start = System.nanoTime();
        int outcome;
        try {
            outcome = watcher.next(limit);
        } catch (WatcherClosedException e) {
            outcome = CLOSED;
        } catch (TimeoutException e) {
            outcome = TIME_IS_UP;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return inTime(outcome, start, limit);
    }

    private static Duration limit() {
        return lost ? SHORT : LONG;
    }

    /** A call that was not woken looks once more when its time is up, so its outcome does not tell. */
    private static int inTime(int outcome, long start, Duration limit) {
        if (System.nanoTime() - start < limit.toNanos()) {
            return outcome;
        }
        lost = true;
        return TIME_IS_UP;
    }

    private static int poll(Watcher<Integer> watcher) {
        try {
            return watcher.poll().orElse(0);
        } catch (WatcherClosedException e) {
            return CLOSED;
        } catch (IllegalStateException e) {
            return REFUSED;
        }
    }

    private static int outcome(CompletableFuture<Integer> future) {
        if (future.isCancelled()) {
            return CANCELLED;
        }
        return future.isCompletedExceptionally() ? CLOSED : future.getNow(0);
    }

    /** A call that begins to wait during a set is woken by it. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the state")
    @Outcome(expect = FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class NextAndSet {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void setter() {
            value.set(1);
        }

        @Actor
        public void waiter(I_Result r) {
            r.r1 = next(watcher);
        }
    }

    /** A call that begins to wait during a close is ended by it. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "closed")
    @Outcome(expect = FORBIDDEN, desc = "the close was not seen")
    @State
    public static class NextAndClose {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void closer() {
            watcher.close();
        }

        @Actor
        public void waiter(I_Result r) {
            r.r1 = next(watcher);
        }
    }

    /** A pending call whose watcher is closed during a set ends, one way or the other. */
    @JCStressTest
    @Outcome(
            id = {"1, -1", "-1, -1"},
            expect = ACCEPTABLE,
            desc = "told or closed, and closed then")
    @Outcome(expect = FORBIDDEN, desc = "pending for ever, or open")
    @State
    public static class CloseAndSet {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();
        private final CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);

        @Actor
        public void closer() {
            watcher.close();
        }

        @Actor
        public void setter() {
            value.set(1);
        }

        @Arbiter
        public void last(II_Result r) {
            r.r1 = outcome(future);
            r.r2 = poll(watcher);
        }
    }

    /** A call that begins during a set is told its state. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the state")
    @Outcome(expect = FORBIDDEN, desc = "pending though there is a state")
    @State
    public static class FutureAndSet {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @SuppressWarnings("NullAway.Init") // by the asker
        private CompletableFuture<Integer> future;

        @Actor
        public void asker() {
            future = watcher.nextAsync(Runnable::run);
        }

        @Actor
        public void setter() {
            value.set(1);
        }

        @Arbiter
        public void last(I_Result r) {
            r.r1 = outcome(future);
        }
    }

    /** A call that is cancelled during a set was told the state, or leaves it to the next. */
    @JCStressTest
    @Outcome(id = "1, -4, 1", expect = ACCEPTABLE, desc = "cancelled, and the state is left")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "told: too late to cancel")
    @Outcome(expect = FORBIDDEN, desc = "lost, told twice, or pending")
    @State
    public static class CancelAndDeliver {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();
        private final CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);

        @Actor
        public void canceller(III_Result r) {
            r.r1 = future.cancel(false) ? 1 : 0;
        }

        @Actor
        public void setter() {
            value.set(1);
        }

        @Arbiter
        public void last(III_Result r) {
            r.r2 = outcome(future);
            r.r3 = poll(watcher);
        }
    }

    /** Two closes end a pending call once. */
    @JCStressTest
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "closed once")
    @Outcome(expect = FORBIDDEN, desc = "pending, or told twice")
    @State
    public static class DoubleClose {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private final Watcher<Integer> watcher = value.watch();
        private final CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
        private final AtomicInteger told = new AtomicInteger();

        @SuppressWarnings("FutureReturnValueIgnored") // only the call counts
        public DoubleClose() {
            future.whenComplete((state, failure) -> told.incrementAndGet());
        }

        @Actor
        public void one() {
            watcher.close();
        }

        @Actor
        public void two() {
            watcher.close();
        }

        @Arbiter
        public void last(II_Result r) {
            r.r1 = outcome(future);
            r.r2 = told.get();
        }
    }

    /** Of two calls at the same time, one is told the state; the other finds none left, or is refused. */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1", "1, -2", "-2, 1"},
            expect = ACCEPTABLE,
            desc = "one winner")
    @Outcome(expect = FORBIDDEN, desc = "both, or none")
    @State
    public static class TwoCalls {
        private final Watcher<Integer> watcher = new MemoryValue<>(1).watch();

        @Actor
        public void one(II_Result r) {
            r.r1 = poll(watcher);
        }

        @Actor
        public void two(II_Result r) {
            r.r2 = poll(watcher);
        }
    }

    /** A call that waits for two values which are set at the same time is told both. */
    @JCStressTest
    @Outcome(id = "11", expect = ACCEPTABLE, desc = "the combination")
    @Outcome(expect = FORBIDDEN, desc = "pending though both are set")
    @State
    public static class CombineAndTwoSets {
        private final MemoryValue<Integer> tens = new MemoryValue<>();
        private final MemoryValue<Integer> ones = new MemoryValue<>();
        private final CompletableFuture<Integer> future =
                Values.combine(tens, ones, Integer::sum).watch().nextAsync(Runnable::run);

        @Actor
        public void one() {
            tens.set(10);
        }

        @Actor
        public void two() {
            ones.set(1);
        }

        @Arbiter
        public void last(I_Result r) {
            r.r1 = outcome(future);
        }
    }

    /** A listener is told the last of two states, whoever's thread it runs on. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "the last")
    @Outcome(expect = FORBIDDEN, desc = "not told, or the last was another")
    @State
    public static class ListenerAndTwoSets {
        private final MemoryValue<Integer> value = new MemoryValue<>();
        private int told; // calls of a listener happen one after the other

        public ListenerAndTwoSets() {
            value.onChange(state -> told = state, Runnable::run);
        }

        @Actor
        public void one() {
            value.set(1);
        }

        @Actor
        public void two() {
            value.set(2);
        }

        @Arbiter
        public void last(II_Result r) {
            r.r1 = told;
            r.r2 = value.current().orElse(0);
        }
    }

    /** A rendezvous ends when its watcher takes the state. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken, and told so")
    @Outcome(expect = FORBIDDEN, desc = "somebody waited in vain")
    @State
    public static class RendezvousAndTake {
        private final RendezvousValue<Integer> value = new RendezvousValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void setter(II_Result r) {
            r.r1 = offer(value);
        }

        @Actor
        public void taker(II_Result r) {
            r.r2 = next(watcher);
            watcher.close(); // else its cleaner would keep all of them
        }
    }

    /** A rendezvous ends when its watcher closes. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "nobody is left to wait for")
    @Outcome(expect = FORBIDDEN, desc = "it waited for a closed watcher")
    @State
    public static class RendezvousAndClose {
        private final RendezvousValue<Integer> value = new RendezvousValue<>();
        private final Watcher<Integer> watcher = value.watch();

        @Actor
        public void setter(I_Result r) {
            r.r1 = offer(value);
        }

        @Actor
        public void closer() {
            watcher.close();
        }
    }

    private static int offer(RendezvousValue<Integer> value) {
        Duration limit = limit();
        long start = System.nanoTime();
        try {
            value.set(1, limit);
        } catch (TimeoutException e) {
            return inTime(TIME_IS_UP, start, limit);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return inTime(1, start, limit);
    }
}
