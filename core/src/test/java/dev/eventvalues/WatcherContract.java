package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every watcher promises, wherever its value lives: promises 1, 4, 5, 6, 10 and 13 of the contract. A backend's
 * test extends this, or {@link ValueContract} if it has a reader, and says where watchers and states come from.
 */
public abstract class WatcherContract {
    private static final Duration A_MOMENT = Duration.ofMillis(20);

    private ExecutorService executor;
    private Thread executorThread;
    private Watcher<String> watcher;

    /**
     * Opens a watcher of the one value of this test, which is unset at first.
     *
     * @return a new watcher
     * @throws Exception to fail the test
     */
    protected abstract Watcher<String> watch() throws Exception;

    /**
     * Makes a state the newest. No test uses a state twice.
     *
     * @param state the state
     * @throws Exception to fail the test
     */
    protected abstract void set(String state) throws Exception;

    @BeforeEach
    void openWatcher() throws Exception {
        executor = Executors.newSingleThreadExecutor(task -> {
            executorThread = new Thread(task, "executor");
            executorThread.setDaemon(true);
            return executorThread;
        });
        watcher = watch();
    }

    @AfterEach
    void closeWatcher() {
        watcher.close();
        executor.shutdownNow();
    }

    // ---- promise 1: the newest state, once

    @Test
    void theFirstNextReturnsTheStateThatIsCurrent() throws Exception {
        set("a");
        try (Watcher<String> later = watch()) {
            assertThat(later.next(BOUND)).isEqualTo("a");
        }
    }

    @Test
    void theFirstNextWaitsForTheFirstSet() throws Exception {
        Call<String> next = Call.of(watcher::next).blocked();
        set("a");
        assertThat(next.result()).isEqualTo("a");
    }

    @Test
    void aSetBetweenWatchAndFirstNextIsTheOneReturned() throws Exception {
        set("a");
        try (Watcher<String> later = watch()) {
            set("b");
            assertThat(later.next(BOUND)).isEqualTo("b");
        }
    }

    @Test
    void aSlowConsumerSkipsToTheNewestState() throws Exception {
        set("a");
        assertThat(watcher.next(BOUND)).isEqualTo("a");
        set("b");
        set("c");
        set("d");
        assertThat(watcher.next(BOUND)).isEqualTo("d");
    }

    @Test
    void aStateIsDeliveredOnce() throws Exception {
        set("a");
        assertThat(watcher.next(BOUND)).isEqualTo("a");
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).isInstanceOf(TimeoutException.class);
        assertThat(watcher.poll()).isEmpty();
        assertThat(watcher.poll()).isEmpty();
    }

    @Test
    void aBlockedNextReturnsTheStateThatComes() throws Exception {
        set("a");
        watcher.next(BOUND);
        Call<String> next = Call.of(watcher::next).blocked();
        set("b");
        assertThat(next.result()).isEqualTo("b");
    }

    @Test
    void eachWatcherHasAPositionOfItsOwn() throws Exception {
        try (Watcher<String> other = watch()) {
            set("a");
            assertThat(watcher.next(BOUND)).isEqualTo("a");
            assertThat(other.next(BOUND)).isEqualTo("a");
            set("b");
            assertThat(other.next(BOUND)).isEqualTo("b");
            assertThat(watcher.next(BOUND)).isEqualTo("b");
        }
    }

    @Test
    void allWhoAreBlockedGetTheState() throws Exception {
        List<Watcher<String>> watchers = new ArrayList<>();
        List<Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Watcher<String> one = watch();
            watchers.add(one);
            calls.add(Call.of(one::next));
        }
        calls.forEach(Call::blocked);
        set("a");
        for (Call<String> call : calls) {
            assertThat(call.result()).isEqualTo("a");
        }
        watchers.forEach(Watcher::close);
    }

    @Test
    void pollTakesAnUnseenStateOrNothing() throws Exception {
        assertThat(watcher.poll()).isEmpty();
        set("a");
        assertThat(watcher.poll()).hasValue("a");
        assertThat(watcher.poll()).isEmpty();
    }

    @Test
    void nextWithAConditionWaitsForAStateThatMatches() throws Exception {
        set("a");
        Call<String> next = Call.of(() -> watcher.next("c"::equals)).blocked();
        set("b");
        set("c");
        assertThat(next.result()).isEqualTo("c");
    }

    // ---- promise 4: a call that returns nothing changes nothing

    @Test
    void anInterruptedNextLeavesThePositionAndTheWatcherGoesOn() throws Exception {
        set("a");
        Call<String> next = Call.of(() -> watcher.next("b"::equals)).blocked();
        next.interrupt();
        assertThat(next.failure()).isInstanceOf(InterruptedException.class);
        assertThat(watcher.next(BOUND)).isEqualTo("a");
    }

    @Test
    void onEntryWithTheInterruptFlagUpNextThrowsAndConsumesNothing() throws Exception {
        set("a");
        Call<String> next = Call.of(() -> {
            Thread.currentThread().interrupt();
            return watcher.next();
        });
        assertThat(next.failure()).isInstanceOf(InterruptedException.class);
        assertThat(watcher.next(BOUND)).isEqualTo("a");
    }

    @Test
    void anInterruptClearsTheFlagAsTheJdkDoes() {
        Call<Boolean> flag = Call.of(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(watcher::next).isInstanceOf(InterruptedException.class);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(flag.result()).isFalse();
    }

    @Test
    void aTimeoutLeavesThePositionAndTheWatcherGoesOn() throws Exception {
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).isInstanceOf(TimeoutException.class);
        set("a");
        assertThat(watcher.next(BOUND)).isEqualTo("a");
    }

    @Test
    void aTimeoutSaysHowLongItWaited() {
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).hasMessageContaining(A_MOMENT.toString());
    }

    @Test
    void aTimeoutIsNotEarly() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).isInstanceOf(TimeoutException.class);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(A_MOMENT.toNanos());
    }

    @Test
    void aTimeoutAtOrBelowZeroIsOneTry() throws Exception {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> watcher.next(timeout)).isInstanceOf(TimeoutException.class);
        }
        set("a");
        assertThat(watcher.next(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("a");
    }

    @Test
    void aHugeTimeoutWaitsForEver() throws Exception {
        Call<String> next =
                Call.of(() -> watcher.next(Duration.ofSeconds(Long.MAX_VALUE))).blocked();
        set("a");
        assertThat(next.result()).isEqualTo("a");
    }

    /** A flaw of the original: a filtered get that timed out had consumed what it rejected. */
    @Test
    void aStateThatTheConditionRejectedCanStillBeDelivered() throws Exception {
        set("a");
        assertThatThrownBy(() -> watcher.next("b"::equals, A_MOMENT)).isInstanceOf(TimeoutException.class);
        assertThat(watcher.next(BOUND)).isEqualTo("a");
    }

    @Test
    void aStateThatCameAndWasRejectedWhileWaitingCanStillBeDelivered() throws Exception {
        set("a");
        watcher.next(BOUND);
        CountDownLatch rejected = new CountDownLatch(1);
        Call<String> next = Call.of(() -> watcher.next(state -> {
                    rejected.countDown();
                    return false;
                }))
                .blocked();
        set("b");
        assertThat(rejected.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        next.blocked().interrupt();
        assertThat(next.failure()).isInstanceOf(InterruptedException.class);
        assertThat(watcher.next(BOUND)).isEqualTo("b");
    }

    @Test
    void aCancelledFutureLeavesThePosition() throws Exception {
        CompletableFuture<String> future = watcher.nextAsync(executor);
        get(CompletableFuture.runAsync(() -> {}, executor)); // it has looked, and waits
        assertThat(future.cancel(true)).isTrue();
        set("a");
        assertThat(watcher.next(BOUND)).isEqualTo("a");
    }

    @Test
    void afterAFailedCallABlockedOneIsStillWoken() throws Exception {
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).isInstanceOf(TimeoutException.class);
        Call<String> first = Call.of(watcher::next).blocked();
        first.interrupt();
        assertThat(first.failure()).isInstanceOf(InterruptedException.class);
        Call<String> second = Call.of(watcher::next).blocked();
        set("a");
        assertThat(second.result()).isEqualTo("a");
    }

    // ---- promise 5: one call at a time

    /** A flaw of the original's tests: they passed even if both calls were refused. */
    @Test
    void aSecondCallIsRefusedAtOnceAndTheFirstIsUndisturbed() throws Exception {
        Call<String> first = Call.of(watcher::next).blocked();
        everyCall().forEach((name, call) -> {
            Throwable refusal = catchThrowable(() -> call.on(watcher));
            assertThat(refusal)
                    .as(name)
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another call");
        });
        assertThat(first.isDone()).isFalse();
        set("a");
        assertThat(first.result()).isEqualTo("a");
    }

    @Test
    void whileAFutureIsPendingEveryOtherCallIsRefused() throws Exception {
        CompletableFuture<String> future = watcher.nextAsync(executor);
        everyCall()
                .forEach((name, call) -> assertThatThrownBy(() -> call.on(watcher))
                        .as(name)
                        .isExactlyInstanceOf(IllegalStateException.class));
        set("a");
        assertThat(get(future)).isEqualTo("a");
    }

    @Test
    void aWatcherMayMoveBetweenThreads() throws Exception {
        set("a");
        assertThat(Call.of(watcher::next).result()).isEqualTo("a");
        set("b");
        assertThat(Call.of(watcher::next).result()).isEqualTo("b");
    }

    // ---- promise 6: closing

    /** A flaw of the original: get was not woken by close. */
    @Test
    void closeWakesABlockedNextWithin100Ms() throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Watcher<String> one = watch();
            Call<Long> woken = Call.of(() -> {
                        assertThatThrownBy(one::next).isInstanceOf(WatcherClosedException.class);
                        return System.nanoTime();
                    })
                    .blocked();
            long start = System.nanoTime();
            one.close();
            nanos.add(woken.result() - start);
        }
        nanos.sort(null);
        assertThat(nanos.get(2)).as("median of %s ns", nanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void closeWakesEveryKindOfBlockedCall() throws Exception {
        Map<String, WatcherCall> blocking = everyCall();
        blocking.remove("poll");
        blocking.remove("nextAsync");
        for (Map.Entry<String, WatcherCall> call : blocking.entrySet()) {
            Watcher<String> one = watch();
            Call<Object> blocked = Call.of(() -> call.getValue().on(one)).blocked();
            one.close();
            assertThat(blocked.failure()).as(call.getKey()).isInstanceOf(WatcherClosedException.class);
        }
    }

    /** A flaw of the original: get on a closed watcher hung, or returned a left-over. */
    @Test
    void afterCloseEveryCallThrowsEvenIfAStateIsUnseen() throws Exception {
        set("a");
        watcher.close();
        everyCall()
                .forEach((name, call) ->
                        assertThatThrownBy(() -> call.on(watcher)).as(name).isInstanceOf(WatcherClosedException.class));
    }

    @Test
    void closeFailsAPendingFuture() throws Exception {
        CompletableFuture<String> future = watcher.nextAsync(executor);
        watcher.close();
        assertThatThrownBy(() -> get(future))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WatcherClosedException.class);
    }

    /** A flaw of the original: the second close panicked. */
    @Test
    void closeIsIdempotentAlsoFromTwoThreadsAtOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            Watcher<String> one = watch();
            CountDownLatch go = new CountDownLatch(1);
            List<Call<Void>> closers = new ArrayList<>();
            for (int closer = 0; closer < 2; closer++) {
                closers.add(Call.to(() -> {
                    go.await();
                    one.close();
                    one.close();
                }));
            }
            go.countDown();
            closers.forEach(Call::result);
        }
    }

    /** A flaw of the original: a producer panicked when a watcher was closed while it set. */
    @Test
    void closeRacingSetHarmsNeither() throws Exception {
        for (int i = 0; i < 300; i++) {
            String state = "state " + i;
            Watcher<String> racing = watch();
            CountDownLatch go = new CountDownLatch(1);
            Call<Void> closer = Call.to(() -> {
                go.await();
                racing.close();
            });
            go.countDown();
            set(state);
            closer.result();
            assertThat(watcher.next(state::equals, BOUND)).isEqualTo(state);
        }
    }

    @Test
    void closingOneWatcherLeavesTheOthersAlone() throws Exception {
        Call<String> next = Call.of(watcher::next).blocked();
        watch().close();
        set("a");
        assertThat(next.result()).isEqualTo("a");
    }

    // ---- promise 10: a failure has a position

    @Test
    void aConditionThatThrowsConsumesThatStateAndIsThrownOnce() throws Exception {
        set("a");
        IllegalArgumentException broken = new IllegalArgumentException("broken");
        assertThatThrownBy(() -> watcher.next(state -> {
                    throw broken;
                }))
                .isSameAs(broken);
        assertThat(watcher.poll()).isEmpty();
        set("b");
        assertThat(watcher.next(BOUND)).isEqualTo("b");
    }

    @Test
    void aConditionThatThrowsWhileTheCallWaitsConsumesThatStateToo() throws Exception {
        IllegalArgumentException broken = new IllegalArgumentException("broken");
        Call<String> next = Call.of(() -> watcher.next(state -> {
                    throw broken;
                }))
                .blocked();
        set("a");
        assertThat(next.failure()).isSameAs(broken);
        assertThat(watcher.poll()).isEmpty();
        set("b");
        assertThat(watcher.next(BOUND)).isEqualTo("b");
    }

    // ---- promise 13: without holding a thread

    @Test
    void nextAsyncCompletesWithTheStateThatIsCurrent() throws Exception {
        set("a");
        assertThat(get(watcher.nextAsync(executor))).isEqualTo("a");
        assertThat(watcher.poll()).isEmpty();
        assertThat(watcher.poll()).isEmpty();
    }

    @Test
    void nextAsyncCompletesOnTheExecutorWithTheStateThatComes() throws Exception {
        CompletableFuture<Thread> completedOn = new CompletableFuture<>();
        CompletableFuture<String> future = watcher.nextAsync(executor);
        CompletableFuture<Void> dependent = future.thenAccept(state -> completedOn.complete(Thread.currentThread()));
        set("a");
        assertThat(get(completedOn)).isSameAs(executorThread);
        assertThat(get(dependent)).isNull();
        assertThat(get(future)).isEqualTo("a");
    }

    @Test
    void aDependentMayAskForTheNextStateAgain() throws Exception {
        CompletableFuture<String> both = watcher.nextAsync(executor).thenCompose(first -> {
            try {
                set("b");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return watcher.nextAsync(executor).thenApply(second -> first + second);
        });
        set("a");
        assertThat(get(both)).isEqualTo("ab");
    }

    @Test
    void afterAHundredSetsTheFutureHasTheLast() throws Exception {
        for (int i = 1; i <= 100; i++) {
            set("state " + i);
        }
        assertThat(get(watcher.nextAsync(executor))).isEqualTo("state 100");
    }

    // ---- what the tests share

    /** One of the calls of a watcher. */
    @FunctionalInterface
    protected interface WatcherCall {
        /**
         * Calls.
         *
         * @param watcher whom
         * @return what it returned
         * @throws Exception what it threw
         */
        Object on(Watcher<String> watcher) throws Exception;
    }

    /**
     * Every call that asks for a state, with nothing in it that could keep it from waiting or returning.
     *
     * @return by name
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    protected static Map<String, WatcherCall> everyCall() {
        Executor direct = Runnable::run;
        Map<String, WatcherCall> calls = new LinkedHashMap<>();
        calls.put("next", Watcher::next);
        calls.put("next with a timeout", watcher -> watcher.next(BOUND));
        calls.put("next with a condition", watcher -> watcher.next(state -> true));
        calls.put("next with both", watcher -> watcher.next(state -> true, BOUND));
        calls.put("poll", Watcher::poll);
        calls.put("nextAsync", watcher -> watcher.nextAsync(direct));
        return calls;
    }

    /**
     * Waits for a future.
     *
     * @param <T> what it completes with
     * @param future what to wait for
     * @return what it completed with
     * @throws Exception what it failed with
     */
    protected static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(BOUND.toNanos(), TimeUnit.NANOSECONDS);
    }
}
