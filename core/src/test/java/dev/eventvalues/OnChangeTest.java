package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Promise 11: the current state first, then conflated; never two calls at once; removal. */
class OnChangeTest {
    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final List<Integer> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopPool() {
        pool.shutdownNow();
    }

    @Test
    void theCurrentStateComesFirst() {
        value.set(1);
        value.onChange(heard::add, Runnable::run);
        assertThat(heard).containsExactly(1);
    }

    @Test
    void anUnsetValueIsNotHeard() {
        value.onChange(heard::add, Runnable::run);
        assertThat(heard).isEmpty();
    }

    @Test
    void whileTheListenerRunsStatesAreConflated() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        value.onChange(
                state -> {
                    heard.add(state);
                    running.countDown();
                    await(goOn);
                },
                pool);
        value.set(1);
        await(running);
        value.set(2);
        value.set(3);
        goOn.countDown();
        eventually("the newest state is heard", () -> heard.contains(3));
        assertThat(heard).containsExactly(1, 3);
    }

    @Test
    void thereAreNeverTwoCallsAtOnceAndTheLastStateIsHeard() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger last = new AtomicInteger();
        value.set(0);
        value.onChange(
                state -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    assertThat(state).isGreaterThanOrEqualTo(last.getAndSet(state));
                    inside.decrementAndGet();
                },
                pool);
        List<Call<Void>> setters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            setters.add(Call.to(() -> {
                for (int n = 0; n < 20_000; n++) {
                    value.update(state -> state + 1);
                }
            }));
        }
        setters.forEach(Call::result);
        eventually("the last state is heard", () -> last.get() == 40_000);
        assertThat(most).hasValue(1);
    }

    @Test
    void aListenerMaySetTheValueItHears() {
        value.onChange(
                state -> {
                    heard.add(state);
                    if (state < 1_000) {
                        value.set(state + 1);
                    }
                },
                Runnable::run);
        value.set(0);
        assertThat(heard).hasSize(1_001).isSorted();
    }

    @Test
    void aListenerThatThrowsIsLoggedAndStays() {
        try (Logs logs = Logs.capture()) {
            value.onChange(
                    state -> {
                        if (state == 1) {
                            throw new IllegalStateException("broken listener");
                        }
                        heard.add(state);
                    },
                    Runnable::run);
            value.set(1);
            value.set(2);
            assertThat(heard).containsExactly(2);
            assertThat(logs.failures()).singleElement().hasToString("java.lang.IllegalStateException");
        }
    }

    @Test
    void eachRegistrationHearsForItself() {
        List<Integer> other = new CopyOnWriteArrayList<>();
        Registration registration = value.onChange(heard::add, Runnable::run);
        value.onChange(other::add, Runnable::run);
        value.set(1);
        registration.close();
        value.set(2);
        assertThat(heard).containsExactly(1);
        assertThat(other).containsExactly(1, 2);
    }

    @Test
    void theRegistrationNeedNotBeKept() {
        WeakReference<Object> dropped = new WeakReference<>(new Object());
        value.onChange(heard::add, Runnable::run);
        eventually("what is dropped is collected", () -> {
            System.gc();
            return dropped.get() == null;
        });
        value.set(1);
        assertThat(heard).containsExactly(1);
    }

    @Nested
    class Removal {
        @Test
        void letsNoNewCallStart() {
            Registration registration = value.onChange(heard::add, Runnable::run);
            value.set(1);
            registration.close();
            value.set(2);
            assertThat(heard).containsExactly(1);
        }

        @Test
        void stopsACallThatIsDueButHasNotStarted() {
            Queue<Runnable> tasks = new ArrayDeque<>();
            value.set(1);
            Registration registration = value.onChange(heard::add, tasks::add);
            registration.close();
            tasks.forEach(Runnable::run);
            assertThat(heard).isEmpty();
        }

        @Test
        void stopsACallWhoseStateIsJustBeingComputed() {
            Registration[] registration = {null};
            registration[0] = value.map(state -> {
                        registration[0].close();
                        return state;
                    })
                    .onChange(heard::add, Runnable::run);
            value.set(1);
            assertThat(heard).isEmpty();
        }

        @Test
        void isIdempotent() {
            Registration registration = value.onChange(heard::add, Runnable::run);
            registration.close();
            registration.close();
            value.set(1);
            assertThat(heard).isEmpty();
        }

        @Test
        void doesNotAwaitARunningCall() throws Exception {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Registration registration = value.onChange(
                    state -> {
                        running.countDown();
                        await(goOn);
                        heard.add(state);
                    },
                    pool);
            value.set(1);
            await(running);
            registration.close();
            value.set(2);
            goOn.countDown();
            eventually("the running call ends", () -> heard.contains(1));
            pool.shutdown();
            assertThat(pool.awaitTermination(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                    .isTrue();
            assertThat(heard).containsExactly(1);
        }

        @Test
        void mayBeDoneByTheListener() {
            Registration[] registration = {null};
            registration[0] = value.onChange(
                    state -> {
                        heard.add(state);
                        registration[0].close();
                    },
                    Runnable::run);
            value.set(1);
            value.set(2);
            assertThat(heard).containsExactly(1);
        }

        @Test
        void letsGoOfTheListener() {
            Consumer<Integer> listener = new ArrayList<Integer>()::add;
            WeakReference<Consumer<Integer>> gone = new WeakReference<>(listener);
            Registration registration = value.onChange(listener, Runnable::run);
            registration.close();
            listener = null;
            registration = null;
            eventually("the listener is collected", () -> {
                System.gc();
                return gone.get() == null;
            });
            assertThat(registration).isNull();
        }

        @Test
        void racingASetHarmsNeither() {
            for (int i = 0; i < 300; i++) {
                Registration registration = value.onChange(heard::add, Runnable::run);
                Call<Void> closer = Call.to(registration::close);
                value.set(i);
                closer.result();
                int before = heard.size();
                value.set(i);
                assertThat(heard).hasSize(before);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
