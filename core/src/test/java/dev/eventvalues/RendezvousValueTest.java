package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@link RendezvousValue}: what every watcher promises, and promise 15. */
class RendezvousValueTest {
    private final RendezvousValue<String> value = new RendezvousValue<>();

    @Nested
    class AWatcher extends WatcherContract {
        @Override
        protected Watcher<String> watch() {
            return value.watch();
        }

        /** Offers a state and waits for nobody: it stays the newest. */
        @Override
        protected void set(String state) throws Exception {
            boolean offered = false;
            while (!offered) {
                try {
                    value.set(state, Duration.ZERO);
                    offered = true;
                } catch (TimeoutException e) {
                    offered = !e.getMessage().contains("not offered");
                }
            }
        }
    }

    @Nested
    class ASet {
        private final RendezvousValue<Integer> numbers = new RendezvousValue<>();

        @Test
        void isSeenByEveryWatcher() throws Exception {
            List<Call<List<Integer>>> consumers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Watcher<Integer> watcher = numbers.watch();
                consumers.add(Call.of(() -> {
                    List<Integer> log = new ArrayList<>();
                    while (log.size() < 1_000) {
                        log.add(watcher.next());
                    }
                    watcher.close();
                    return log;
                }));
            }
            for (int i = 0; i < 1_000; i++) {
                numbers.set(i);
            }
            for (Call<List<Integer>> consumer : consumers) {
                assertThat(consumer.result()).hasSize(1_000).isSorted().doesNotHaveDuplicates();
            }
        }

        @Test
        void waitsUntilEveryWatcherHasTakenIt() throws Exception {
            Watcher<Integer> one = numbers.watch();
            Watcher<Integer> other = numbers.watch();
            Call<Void> set = Call.to(() -> numbers.set(1)).blocked();
            assertThat(one.next()).isEqualTo(1);
            set.blocked();
            assertThat(other.next()).isEqualTo(1);
            set.result();
        }

        @Test
        void returnsAtOnceIfNobodyWatches() throws Exception {
            numbers.set(1);
            numbers.set(2, Duration.ZERO);
            assertThat(numbers.watch().next()).isEqualTo(2);
        }

        /** Promise 2. */
        @Test
        void ofAnEqualStateIsToldToo() throws Exception {
            Watcher<Integer> watcher = numbers.watch();
            for (int i = 0; i < 3; i++) {
                Call<Void> set = Call.to(() -> numbers.set(7)).blocked();
                assertThat(watcher.next()).isEqualTo(7);
                set.result();
            }
        }

        @Test
        void isTakenByAPollAndByAFutureToo() throws Exception {
            Watcher<Integer> watcher = numbers.watch();
            Call<Void> polled = Call.to(() -> numbers.set(1)).blocked();
            assertThat(watcher.poll()).hasValue(1);
            polled.result();
            CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
            numbers.set(2);
            assertThat(WatcherContract.get(future)).isEqualTo(2);
        }

        @Test
        void isTakenWhenAConditionHasExaminedItEvenIfItRejects() throws Exception {
            Watcher<Integer> watcher = numbers.watch();
            Call<Void> set = Call.to(() -> numbers.set(1)).blocked();
            assertThatThrownBy(() -> watcher.next(state -> false, Duration.ZERO))
                    .isInstanceOf(TimeoutException.class);
            set.result();
            assertThat(watcher.next()).isEqualTo(1);
        }

        @Test
        void isNotTakenByACallThatIsInterruptedOnEntry() {
            Watcher<Integer> watcher = numbers.watch();
            Call<Void> set = Call.to(() -> numbers.set(1)).blocked();
            Thread.currentThread().interrupt();
            assertThatThrownBy(watcher::next).isInstanceOf(InterruptedException.class);
            set.blocked();
            watcher.close();
            set.result();
        }
    }

    /** Flaws of the original: a watcher that closed or was cancelled left the producer hanging, with its lock held. */
    @Nested
    class Closing {
        @Test
        void countsAsTakingWithin100Ms() {
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Watcher<String> watcher = value.watch();
                Call<Long> set = Call.of(() -> {
                            value.set("a");
                            return System.nanoTime();
                        })
                        .blocked();
                long start = System.nanoTime();
                watcher.close();
                nanos.add(set.result() - start);
            }
            Collections.sort(nanos);
            assertThat(nanos.get(2)).as("median of %s ns", nanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
        }

        @Test
        void freesTheSetEvenIfTheWatcherIsInTheMiddleOfACall() throws Exception {
            value.set("a");
            Watcher<String> watcher = value.watch();
            watcher.next();
            Call<String> next = Call.of(watcher::next).blocked();
            watcher.close();
            assertThat(next.failure()).isInstanceOf(WatcherClosedException.class);
            Call.to(() -> value.set("b")).result();
        }

        @Test
        void racingASetHarmsNeither() {
            for (int i = 0; i < 1_000; i++) {
                Watcher<String> watcher = value.watch();
                Call<Void> closer = Call.to(watcher::close);
                Call.to(() -> value.set("a")).result();
                closer.result();
            }
        }

        @Test
        void aDroppedWatcherIsLetGoSomeTimeAfterItIsCollected() {
            Call<Void> set = setThatWaitsForAWatcherThatIsDropped();
            eventually("the dropped watcher is let go", () -> {
                System.gc();
                return set.isDone();
            });
            set.result();
        }

        private Call<Void> setThatWaitsForAWatcherThatIsDropped() {
            Watcher<String> watcher = value.watch();
            try {
                System.gc();
                return Call.to(() -> value.set("a")).blocked();
            } finally {
                Reference.reachabilityFence(watcher);
            }
        }
    }

    @Nested
    class Watching {
        @Test
        void neverWaitsForASet() {
            Watcher<String> slow = value.watch();
            Call<Void> set = Call.to(() -> value.set("a")).blocked();
            Call<Watcher<String>> watch = Call.of(value::watch);
            watch.result().close();
            set.blocked();
            slow.close();
            set.result();
        }

        @Test
        void whileASetWaitsSeesTheStateButIsNotWaitedFor() throws Exception {
            Watcher<String> early = value.watch();
            Call<Void> set = Call.to(() -> value.set("a")).blocked();
            Watcher<String> late = value.watch();
            assertThat(early.next()).isEqualTo("a");
            set.result();
            assertThat(late.next()).isEqualTo("a");
        }

        @Test
        void afterASetIsWaitedForByTheNext() throws Exception {
            value.set("a");
            Watcher<String> watcher = value.watch();
            Call<Void> set = Call.to(() -> value.set("b")).blocked();
            assertThat(watcher.next()).isEqualTo("b");
            set.result();
        }
    }

    @Nested
    class Setters {
        @Test
        void queueFirstComeFirstServed() throws Exception {
            Watcher<String> watcher = value.watch();
            List<Call<Void>> sets = new ArrayList<>();
            for (String state : List.of("a", "b", "c", "d")) {
                sets.add(Call.to(() -> value.set(state)).blocked());
            }
            List<String> log = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                log.add(watcher.next());
            }
            assertThat(log).containsExactly("a", "b", "c", "d");
            sets.forEach(Call::result);
        }

        @Test
        void atOnceLoseNothing() throws Exception {
            List<Watcher<String>> watchers = List.of(value.watch(), value.watch());
            List<Call<List<String>>> consumers = new ArrayList<>();
            for (Watcher<String> watcher : watchers) {
                consumers.add(Call.of(() -> {
                    List<String> log = new ArrayList<>();
                    while (log.size() < 2_000) {
                        log.add(watcher.next());
                    }
                    return log;
                }));
            }
            List<Call<Void>> setters = new ArrayList<>();
            for (String who : List.of("x", "y")) {
                setters.add(Call.to(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        value.set(who + i);
                    }
                }));
            }
            setters.forEach(Call::result);
            assertThat(consumers.get(0).result())
                    .isEqualTo(consumers.get(1).result())
                    .doesNotHaveDuplicates();
        }

        @Test
        void whoseTurnNeverComesOfferNothing() throws Exception {
            Watcher<String> watcher = value.watch();
            Call<Void> first = Call.to(() -> value.set("a")).blocked();
            assertThatThrownBy(() -> value.set("b", Duration.ofMillis(5)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("not offered");
            Call<Void> third = Call.to(() -> value.set("c")).blocked();
            third.interrupt();
            assertThat(third.failure()).isInstanceOf(InterruptedException.class);
            assertThat(watcher.next()).isEqualTo("a");
            first.result();
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Nested
    class GivingUp {
        @Test
        void inTimeSaysHowManyDidNotTakeIt() {
            value.watch();
            Watcher<String> slow = value.watch();
            assertThatThrownBy(() -> value.set("a", Duration.ofMillis(5)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("2")
                    .hasMessageContaining("PT0.005S");
            slow.close();
        }

        @Test
        void withATimeoutAtOrBelowZeroIsOneTry() throws Exception {
            Watcher<String> watcher = value.watch();
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
                assertThatThrownBy(() -> value.set("a", timeout)).isInstanceOf(TimeoutException.class);
                assertThat(watcher.next()).isEqualTo("a");
            }
        }

        @Test
        void leavesTheStateWhichMayBeSkipped() throws Exception {
            Watcher<String> watcher = value.watch();
            Watcher<String> other = value.watch();
            assertThatThrownBy(() -> value.set("a", Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
            assertThat(watcher.next()).isEqualTo("a");
            Call<Void> set = Call.to(() -> value.set("b")).blocked();
            assertThat(watcher.next()).isEqualTo("b");
            assertThat(other.next()).isEqualTo("b");
            set.result();
        }

        @Test
        void byAnInterruptLeavesTheStateToo() throws Exception {
            Watcher<String> watcher = value.watch();
            Call<Void> set = Call.to(() -> value.set("a")).blocked();
            set.interrupt();
            assertThat(set.failure()).isInstanceOf(InterruptedException.class);
            assertThat(watcher.next()).isEqualTo("a");
            Call<Void> next = Call.to(() -> value.set("b")).blocked();
            assertThat(watcher.next()).isEqualTo("b");
            next.result();
        }

        @Test
        void onEntryWithTheInterruptFlagUpOffersNothing() {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> value.set("a")).isInstanceOf(InterruptedException.class);
            assertThat(value.watch().poll()).isEmpty();
        }

        /** A flaw of the original: cancelled in the middle of a hand-over, the producer hung for ever. */
        @Test
        void ofAWatcherInTheMiddleOfAHandOverStopsNobody() throws Exception {
            Watcher<String> watcher = value.watch();
            for (int i = 0; i < 500; i++) {
                String state = "state " + i;
                CountDownLatch started = new CountDownLatch(1);
                Call<String> next = Call.of(() -> {
                    started.countDown();
                    return watcher.next();
                });
                assertThat(started.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
                Call<Void> interrupter = Call.to(next::interrupt);
                Call<Void> set = Call.to(() -> value.set(state));
                interrupter.result();
                eventually("the call ends", next::isDone);
                eventually("the state is taken", () -> {
                    watcher.poll();
                    return set.isDone();
                });
                set.result();
            }
        }
    }
}
