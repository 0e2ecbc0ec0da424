package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * {@code next} is right on a virtual thread: it parks the thread, not its carrier. And nobody is lost when many of them
 * wake one another.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    /** Several times as many as are woken before the rest is relayed. */
    private static final int MANY = 500;

    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
    private ExecutorService threads;

    @BeforeEach
    void start() throws Exception {
        threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> List<Future<T>> start(int count, Callable<T> call) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(() -> {
                started.add(Thread.currentThread());
                return call.call();
            }));
        }
        return futures;
    }

    private void awaitBlocked(int count) {
        eventually(
                count + " threads wait",
                () -> started.stream()
                                .filter(thread -> thread.getState() == Thread.State.WAITING)
                                .count()
                        == count);
    }

    private static <T> T result(Future<T> call) throws Exception {
        return call.get(BOUND.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Test
    void aSetWakesTenThousandOfThem() throws Exception {
        List<Future<Integer>> awaiting = start(10_000, value::await);
        awaitBlocked(10_000);
        Future<String> setting = threads.submit(() -> {
            value.set(1); // has its turn only if those who wait hold no carrier
            return "set";
        });
        assertThat(result(setting)).isEqualTo("set");
        for (Future<Integer> one : awaiting) {
            assertThat(result(one)).isEqualTo(1);
        }
    }

    /** Whoever is to wake others does that before it looks at the state, which runs user code. */
    @Test
    void aConditionThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch looking = new CountDownLatch(MANY);
        List<Future<Integer>> awaiting = start(
                MANY,
                () -> value.await(state -> {
                    looking.countDown();
                    try {
                        assertThat(looking.await(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                                .as("all look at the state at the same time")
                                .isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return true;
                }));
        awaitBlocked(MANY);
        value.set(1);
        for (Future<Integer> one : awaiting) {
            assertThat(result(one)).isEqualTo(1);
        }
    }

    /** Whoever is to wake others does so however its own call ends. */
    @Test
    void anInterruptOnTheWayHoldsUpNobodyElse() throws Exception {
        List<Future<Integer>> awaiting = start(MANY, value::await);
        awaitBlocked(MANY);
        List<Future<Integer>> interrupted = start(MANY, value::await); // the last to come are the first to be woken
        awaitBlocked(2 * MANY);
        AtomicInteger free = new AtomicInteger(Runtime.getRuntime().availableProcessors());
        AtomicBoolean occupied = new AtomicBoolean(true);
        for (int i = free.get(); i > 0; i--) {
            threads.execute(() -> {
                free.decrementAndGet();
                while (occupied.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        try {
            eventually("no carrier is free", () -> free.get() == 0);
            value.set(1);
            interrupted.forEach(one -> one.cancel(true));
        } finally {
            occupied.set(false);
        }
        for (Future<Integer> one : awaiting) {
            assertThat(result(one)).isEqualTo(1);
        }
    }

    @Test
    void callsThatEndOtherwiseLoseNobodyElse() throws Exception {
        int last = 2_000;
        Random random = new Random(3);

        List<Future<Integer>> patient = start(MANY, () -> {
            try (Watcher<Integer> watcher = value.watch()) {
                int state = -1;
                while (state < last) {
                    state = watcher.next();
                }
                return state;
            }
        });
        List<Watcher<Integer>> closing = new ArrayList<>();
        List<Future<?>> interrupted = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Watcher<Integer> watcher = value.watch();
            closing.add(watcher);
            interrupted.add(threads.submit(() -> {
                while (true) {
                    watcher.next();
                }
            }));
        }
        List<Future<Integer>> impatient = start(MANY, () -> {
            Watcher<Integer> watcher = value.watch();
            int state = -1;
            while (state < last) {
                try {
                    state = watcher.next(Duration.ofNanos(50_000));
                } catch (TimeoutException e) {
                    Thread.onSpinWait();
                }
            }
            return state;
        });
        for (int state = 0; state <= last; state++) {
            value.set(state);
            if (random.nextInt(10) == 0 && !closing.isEmpty()) {
                closing.remove(random.nextInt(closing.size())).close();
                interrupted.get(random.nextInt(interrupted.size())).cancel(true);
            }
        }
        for (Future<Integer> one : patient) {
            assertThat(result(one)).isEqualTo(last);
        }
        for (Future<Integer> one : impatient) {
            result(one);
        }
    }
}
