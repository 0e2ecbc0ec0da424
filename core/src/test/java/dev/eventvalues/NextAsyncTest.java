package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static dev.eventvalues.WatcherContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Promise 13: what {@code nextAsync} runs where, and what frees the watcher. */
class NextAsyncTest {
    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final Watcher<Integer> watcher = value.watch();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    /** An executor whose tasks run when the test says so. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @AfterEach
    void stop() {
        watcher.close();
        executor.shutdownNow();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void asksTheExecutorForNothingUntilThereIsSomethingToDo() {
        CompletableFuture<Integer> future =
                value.map(state -> state + 1).filter(state -> true).watch().nextAsync(tasks::add);
        CompletableFuture<Integer> combined = Values.combine(value, new MemoryValue<Integer>(), Integer::sum)
                .watch()
                .nextAsync(tasks::add);
        assertThat(tasks).isEmpty();
        value.set(1);
        assertThat(tasks).hasSize(2);
        runTasks();
        assertThat(future).isCompletedWithValue(2);
        assertThat(combined).isNotDone();
    }

    @Test
    void mappersAndCompletionRunOnTheExecutor() throws Exception {
        Thread executorThread = executor.submit(Thread::currentThread).get();
        List<Thread> mappers = new ArrayList<>();
        Watcher<Integer> view = value.map(state -> {
                    mappers.add(Thread.currentThread());
                    return state;
                })
                .watch();
        CompletableFuture<Thread> completed = new CompletableFuture<>();
        CompletableFuture<Void> dependent =
                view.nextAsync(executor).thenAccept(state -> completed.complete(Thread.currentThread()));
        value.set(1);
        assertThat(get(completed)).isSameAs(executorThread);
        assertThat(get(dependent)).isNull();
        assertThat(mappers).isNotEmpty().containsOnly(executorThread);
        view.close();
    }

    @Test
    void nothingRunsUntilTheExecutorDoes() {
        value.set(1);
        CompletableFuture<Integer> future = watcher.nextAsync(tasks::add);
        assertThat(future).isNotDone();
        runTasks();
        assertThat(future).isCompletedWithValue(1);
    }

    @Test
    void theFutureGetsTheNewestStateWhenTheExecutorIsSlow() {
        CompletableFuture<Integer> future = watcher.nextAsync(tasks::add);
        runTasks();
        value.set(1);
        value.set(2);
        value.set(3);
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(future).isCompletedWithValue(3);
    }

    @Test
    void theWatcherHasMovedOnAndIsFreeBeforeDependentsRun() throws Exception {
        CompletableFuture<Optional<Integer>> dependent =
                watcher.nextAsync(executor).thenApply(state -> watcher.poll());
        value.set(1);
        assertThat(get(dependent)).isEmpty();
    }

    @Test
    void aPendingFutureHoldsNoThread() throws Exception {
        List<Watcher<Integer>> watchers = new ArrayList<>();
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Watcher<Integer> one = value.watch();
            watchers.add(one);
            futures.add(one.nextAsync(executor));
        }
        value.set(1);
        for (CompletableFuture<Integer> future : futures) {
            assertThat(get(future)).isEqualTo(1);
        }
        watchers.forEach(Watcher::close);
    }

    @Test
    void aFutureOfAFilterWaitsForAMatch() throws Exception {
        Watcher<Integer> even = value.filter(state -> state % 2 == 0).watch();
        CompletableFuture<Integer> future = even.nextAsync(tasks::add);
        runTasks();
        value.set(1);
        runTasks();
        assertThat(future).isNotDone();
        value.set(2);
        runTasks();
        assertThat(future).isCompletedWithValue(2);
        even.close();
    }

    @Nested
    class CompletingItFromOutside {
        private final Map<String, Consumer<CompletableFuture<Integer>>> ways = new LinkedHashMap<>(Map.of(
                "cancel", future -> future.cancel(false),
                "completeExceptionally", future -> future.completeExceptionally(new IllegalStateException()),
                "complete", future -> future.complete(0),
                "completeAsync", future -> future.completeAsync(() -> 0, Runnable::run),
                "completeAsync that throws",
                        future -> future.completeAsync(
                                () -> {
                                    throw new IllegalStateException();
                                },
                                Runnable::run),
                "orTimeout", future -> future.orTimeout(1, TimeUnit.MILLISECONDS),
                "completeOnTimeout", future -> future.completeOnTimeout(0, 1, TimeUnit.MILLISECONDS)));

        @Test
        void freesTheWatcherAndLeavesItsPosition() {
            ways.forEach((name, way) -> {
                Watcher<Integer> one = value.watch();
                one.poll();
                CompletableFuture<Integer> future = one.nextAsync(Runnable::run);
                way.accept(future);
                eventually(name + " completes the future", future::isDone);
                value.set(1);
                assertThat(one.poll()).as(name).hasValue(1);
                one.close();
            });
        }

        @Test
        void isTrueToWhoeverCameFirst() {
            assertThat(watcher.nextAsync(tasks::add).complete(1)).isTrue();
            assertThat(watcher.nextAsync(tasks::add).completeExceptionally(new IllegalStateException()))
                    .isTrue();
            assertThat(watcher.nextAsync(tasks::add).cancel(false)).isTrue();
            CompletableFuture<Integer> future = watcher.nextAsync(tasks::add);
            assertThat(future.completeAsync(() -> 1, Runnable::run)).isSameAs(future);
        }

        @Test
        void beforeTheExecutorRanFreesTheWatcherAtOnce() {
            value.set(1);
            ways.forEach((name, way) -> {
                Watcher<Integer> one = value.watch();
                CompletableFuture<Integer> future = one.nextAsync(tasks::add);
                way.accept(future);
                eventually(name + " completes the future", future::isDone);
                assertThat(one.poll()).as(name).hasValue(1);
                runTasks();
                assertThat(one.poll()).as(name).isEmpty();
                one.close();
            });
        }

        /** The state that is being computed is not lost; the watcher is free once that has ended. */
        @Test
        void whileTheExecutorComputesLosesNothing() throws Exception {
            CountDownLatch computing = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Watcher<Integer> view = value.map(state -> {
                        computing.countDown();
                        try {
                            assertThat(goOn.await(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                                    .isTrue();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return state;
                    })
                    .watch();
            value.set(1);
            CompletableFuture<Integer> future = view.nextAsync(executor);
            assertThat(computing.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            assertThat(future.cancel(true)).isTrue();
            assertThat(future).isCancelled();
            goOn.countDown();
            executor.submit(() -> {}).get();
            assertThat(view.poll()).hasValue(1);
            view.close();
        }

        @Test
        void comesTooLateOnceItIsComplete() throws Exception {
            value.set(1);
            CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.complete(2)).isFalse();
            assertThat(future.completeExceptionally(new IllegalStateException()))
                    .isFalse();
            assertThat(get(future)).isEqualTo(1);
        }

        @Test
        void andCancellingTwiceSaysSoTwice() {
            CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
            assertThat(future.cancel(true)).isTrue();
            assertThat(future.cancel(true)).isTrue();
        }

        @Test
        void byADependentDoesNotReachTheWatcher() {
            CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
            assertThat(future.thenApply(state -> state).cancel(true)).isTrue();
            assertThat(future.copy().cancel(true)).isTrue();
            assertThatThrownBy(watcher::poll).isInstanceOf(IllegalStateException.class);
            value.set(1);
            assertThat(future).isCompletedWithValue(1);
        }

        @Test
        void racingASetLosesNothing() throws Exception {
            for (int i = 0; i < 2_000; i++) {
                CompletableFuture<Integer> future = watcher.nextAsync(executor);
                Call<Boolean> canceller = Call.of(() -> future.cancel(true));
                value.set(i);
                if (canceller.result()) {
                    executor.submit(() -> {}).get(); // a turn that was running has ended
                    assertThat(watcher.poll()).hasValue(i);
                } else {
                    assertThat(get(future)).isEqualTo(i);
                    assertThat(watcher.poll()).isEmpty();
                }
            }
        }
    }

    @Nested
    class AnExecutorThatRefuses {
        @Test
        void atOnceFailsTheFutureAndFreesTheWatcher() throws Exception {
            value.set(1);
            executor.shutdown();
            CompletableFuture<Integer> future = watcher.nextAsync(executor);
            assertThatThrownBy(() -> get(future))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RejectedExecutionException.class);
            assertThat(watcher.poll()).hasValue(1);
        }

        @Test
        void laterFailsTheFutureAndNeverThrowsIntoSet() throws Exception {
            CompletableFuture<Integer> future = watcher.nextAsync(executor);
            executor.submit(() -> {}).get();
            executor.shutdown();
            value.set(1);
            assertThatThrownBy(() -> get(future)).hasCauseInstanceOf(RejectedExecutionException.class);
            assertThat(watcher.poll()).hasValue(1);
        }

        @Test
        void withAnErrorFailsTheFutureWithThat() {
            value.set(1);
            CompletableFuture<Integer> future = watcher.nextAsync(task -> {
                throw new NoClassDefFoundError("half deployed");
            });
            assertThatThrownBy(() -> get(future)).hasCauseInstanceOf(NoClassDefFoundError.class);
        }
    }
}
