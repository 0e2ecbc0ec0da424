package dev.eventvalues.internal;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promises 9, 11 and 13 where they are kept, in {@link Turns}: never two at once, no wake-up missed, ended once; each
 * step of its phases.
 */
class TurnsTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(3);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** Looks at a counter in each turn, and keeps a log of what it is told. */
    private static class Task extends Turns {
        final AtomicInteger changes = new AtomicInteger();
        final AtomicInteger inside = new AtomicInteger();
        volatile int seen;
        final AtomicInteger turns = new AtomicInteger();
        final AtomicInteger cleanUps = new AtomicInteger();
        final AtomicInteger rejections = new AtomicInteger();
        volatile String broken;

        Task(Executor executor) {
            super(executor);
        }

        @Override
        boolean turn() {
            if (inside.incrementAndGet() > 1) {
                broken = "two turns at once";
            }
            if (cleanUps.get() > 0) {
                broken = "a turn after the clean-up";
            }
            turns.incrementAndGet();
            boolean news = changes.get() != seen;
            seen = changes.get();
            during();
            inside.decrementAndGet();
            return news;
        }

        void during() {}

        @Override
        void cleanUp() {
            cleanUps.incrementAndGet();
        }

        @Override
        void rejected(Throwable reason) {
            rejections.incrementAndGet();
        }

        void change() {
            changes.incrementAndGet();
            wake();
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void theFirstTurnIsDueOnceStarted() {
        Task task = new Task(tasks::add);
        task.change();
        assertThat(tasks).isEmpty();
        task.start();
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(task.seen).isEqualTo(1);
    }

    @Test
    void manyWakeUpsBeforeATurnAreOneTurn() {
        Task task = new Task(tasks::add);
        task.start();
        runTasks();
        task.change();
        task.change();
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(task.seen).isEqualTo(2);
        assertThat(task.cleanUps).hasValue(0);
    }

    @Test
    void aWakeUpDuringATurnMakesAnother() {
        Task task = new Task(tasks::add) {
            @Override
            void during() {
                if (turns.get() == 1) {
                    change();
                }
            }
        };
        task.start();
        runTasks();
        assertThat(task.seen).isEqualTo(1);
        assertThat(tasks).isEmpty();
    }

    @Test
    void aStrayRunDoesNothing() {
        Task task = new Task(tasks::add);
        task.start();
        runTasks();
        task.run();
        assertThat(task.turns).hasValue(1);
    }

    @Nested
    class Ending {
        @Test
        void whileItWaitsCleansUpAtOnce() {
            Task task = new Task(tasks::add);
            task.start();
            runTasks();
            assertThat(task.end()).isTrue();
            assertThat(task.cleanUps).hasValue(1);
            assertThat(task.end()).isFalse();
            task.change();
            assertThat(tasks).isEmpty();
        }

        @Test
        void whileATurnIsDueCleansUpAndTheTurnNeverComes() {
            Task task = new Task(tasks::add);
            task.start();
            assertThat(task.end()).isTrue();
            assertThat(task.cleanUps).hasValue(1);
            runTasks();
            assertThat(task.turns).hasValue(0);
        }

        @Test
        void duringATurnCleansUpAfterIt() {
            Task task = new Task(tasks::add) {
                @Override
                void during() {
                    change();
                    assertThat(end()).isTrue();
                    assertThat(end()).isFalse();
                    assertThat(hasEnded()).isTrue();
                    change();
                    assertThat(cleanUps).hasValue(0);
                }
            };
            task.start();
            runTasks();
            assertThat(task.cleanUps).hasValue(1);
            assertThat(task.turns).hasValue(1);
            assertThat(tasks).isEmpty();
        }

        @Test
        void byARefusalCleansUpAndTellsOnce() {
            Task task = new Task(refused -> {
                throw new RejectedExecutionException();
            });
            task.start();
            task.change();
            assertThat(task.cleanUps).hasValue(1);
            assertThat(task.rejections).hasValue(1);
            assertThat(task.turns).hasValue(0);
        }

        @Test
        void racingWakeUpsCleansUpExactlyOnce() {
            for (int i = 0; i < 2_000; i++) {
                Task task = new Task(pool);
                task.start();
                Call<Void> waker = Call.to(() -> {
                    for (int n = 0; n < 10; n++) {
                        task.change();
                    }
                });
                assertThat(task.end()).isTrue();
                waker.result();
                eventually("it is cleaned up", () -> task.cleanUps.get() > 0);
                assertThat(task.cleanUps).hasValue(1);
                assertThat(task.broken).isNull();
            }
        }
    }

    @Test
    void wakeUpsFromManyThreadsLoseNothingAndNeverRunTwoTurnsAtOnce() {
        Task task = new Task(pool);
        task.start();
        List<Call<Void>> wakers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            wakers.add(Call.to(() -> {
                for (int n = 0; n < 100_000; n++) {
                    task.change();
                    if (n % 100 == 0) {
                        int at = task.changes.get();
                        eventually("change " + at + " is seen", () -> task.seen >= at);
                    }
                }
            }));
        }
        wakers.forEach(Call::result);
        eventually("the last change is seen", () -> task.seen == 200_000);
        assertThat(task.broken).isNull();
    }
}
