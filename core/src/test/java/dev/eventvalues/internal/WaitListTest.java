package dev.eventvalues.internal;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Promises 3 and 7 where they are kept: who stands in the list of those who wait, and what is left behind there. */
class WaitListTest {
    private final WaitList list = new WaitList();

    /** Counts how often it is woken. */
    private static final class Sleeper extends Waiter {
        private final AtomicInteger woken = new AtomicInteger();

        @Override
        void wake() {
            woken.incrementAndGet();
        }
    }

    @Nested
    class Waking {
        @Test
        void reachesEveryoneOnceForEachTimeTheyWereAdded() {
            List<Sleeper> sleepers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Sleeper sleeper = new Sleeper();
                list.add(sleeper);
                sleepers.add(sleeper);
            }
            list.wakeAll();
            list.wakeAll();
            assertThat(sleepers).allSatisfy(sleeper -> assertThat(sleeper.woken).hasValue(1));
            assertThat(list.linked()).isZero();
        }

        @Test
        void doesNotReachWhoGaveUp() {
            Sleeper first = new Sleeper();
            Sleeper second = new Sleeper();
            WaitStack.Node gone = list.add(first);
            list.add(second);
            gone.remove();
            gone.remove();
            list.wakeAll();
            assertThat(first.woken).hasValue(0);
            assertThat(second.woken).hasValue(1);
        }

        @Test
        void doesNotReachWhoIsAddedByAWokenOne() {
            AtomicInteger woken = new AtomicInteger();
            list.add(new Waiter() {
                @Override
                void wake() {
                    woken.incrementAndGet();
                    list.add(this);
                }
            });
            list.wakeAll();
            assertThat(woken).hasValue(1);
            assertThat(list.linked()).isEqualTo(1);
        }

        @Test
        void ofAWaiterThatStaysArmedAddsItOnce() {
            Sleeper sleeper = new Sleeper();
            Cell<String> cell = new Cell<>();
            Cursor<String> cursor = cell.cursor();
            for (int i = 0; i < 10; i++) {
                sleeper.armAt(cursor);
            }
            assertThat(cell.waiting().linked()).isEqualTo(1);
            cell.set("a");
            sleeper.armAt(cursor);
            cell.set("b");
            assertThat(sleeper.woken).hasValue(2);
            sleeper.armAt(cursor);
            sleeper.disarm();
            assertThat(cell.waiting().linked()).isZero();
        }
    }

    /** A thread that wakes others, if it is parked. */
    private final class Relaying extends Waiter {
        private final boolean parked;
        private WaitStack.Node rest;
        private int woken;

        Relaying(boolean parked) {
            this.parked = parked;
            list.add(this);
        }

        @Override
        boolean mayRelay() {
            return true;
        }

        @Override
        boolean wakeWith(WaitStack.Node entrusted) {
            if (parked) {
                woken++;
                rest = entrusted;
            }
            return parked;
        }

        @Override
        void wake() {
            woken++;
        }
    }

    @Nested
    class Relayed {
        private List<Relaying> waiting(boolean parked) {
            return IntStream.range(0, 1_000).mapToObj(i -> new Relaying(parked)).toList();
        }

        private void passOn(List<Relaying> threads) {
            for (Relaying thread : threads) {
                WaitStack.Node rest = thread.rest;
                thread.rest = null;
                WaitList.relay(rest);
            }
        }

        @Test
        void fewAreWokenByTheOwnerAndTheRestByTheWoken() {
            List<Relaying> threads = waiting(true);
            list.wakeAll();
            assertThat(threads).filteredOn(thread -> thread.woken > 0).hasSizeBetween(2, 200);
            assertThat(threads).filteredOn(thread -> thread.rest != null).hasSize(1);
            while (threads.stream().anyMatch(thread -> thread.rest != null)) {
                passOn(threads);
            }
            assertThat(threads).allSatisfy(thread -> assertThat(thread.woken).isEqualTo(1));
        }

        @Test
        void nothingIsEntrustedToWhoIsNotParked() {
            List<Relaying> threads = waiting(false);
            list.wakeAll();
            assertThat(threads).allSatisfy(thread -> assertThat(thread.woken).isEqualTo(1));
        }

        @Test
        void whoCannotRelayWaitsForNoRelay() {
            waiting(true);
            Sleeper sleeper = new Sleeper();
            list.add(sleeper);
            waiting(true);
            list.wakeAll();
            assertThat(sleeper.woken).hasValue(1);
        }

        @Test
        void whoGivesUpMeanwhileIsNotWoken() {
            Relaying leaving = new Relaying(true);
            WaitStack.Node again = list.add(leaving);
            List<Relaying> threads = waiting(true);
            list.wakeAll();
            again.remove();
            while (threads.stream().anyMatch(thread -> thread.rest != null)) {
                passOn(threads);
            }
            assertThat(leaving.woken).as("once, as it had been added twice").isEqualTo(1);
            assertThat(list.linked()).isZero();
        }
    }

    @Nested
    class GivingUp {
        @Test
        void onTopLeavesNothing() {
            for (int i = 0; i < 1_000; i++) {
                list.add(new Sleeper()).remove();
            }
            assertThat(list.linked()).isZero();
        }

        @Test
        void belowALiveWaiterLeavesABoundedNumberOfDeadNodes() {
            int most = 0;
            for (int i = 0; i < 10_000; i++) {
                WaitStack.Node below = list.add(new Sleeper());
                WaitStack.Node above = list.add(new Sleeper());
                below.remove();
                most = Math.max(most, list.linked());
                above.remove();
            }
            assertThat(most).isLessThan(100);
            assertThat(list.linked()).isZero();
        }

        /** As calls with the same timeout do. */
        @Test
        void inTheOrderOfArrivalLeavesNothing() {
            Deque<WaitStack.Node> nodes = new ArrayDeque<>();
            for (int i = 0; i < 10_000; i++) {
                nodes.add(list.add(new Sleeper()));
            }
            nodes.forEach(WaitStack.Node::remove);
            assertThat(list.linked()).isZero();
        }

        @Test
        void inAnyOrderLeavesNothing() {
            for (int seed = 0; seed < 20; seed++) {
                List<WaitStack.Node> nodes = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    nodes.add(list.add(new Sleeper()));
                }
                Collections.shuffle(nodes, new Random(seed));
                nodes.forEach(WaitStack.Node::remove);
                assertThat(list.linked()).as("seed %d", seed).isZero();
            }
        }

        @Test
        void comingAndGoingInAnyOrderKeepsDeadNodesBelowTheMostThatWereAlive() {
            Random random = new Random(7);
            List<WaitStack.Node> live = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                if (live.size() < 50 || (live.size() < 150 && random.nextBoolean())) {
                    live.add(list.add(new Sleeper()));
                } else {
                    live.remove(random.nextInt(live.size())).remove();
                }
                if (i % 1_000 == 0) {
                    assertThat(list.linked()).isLessThan(live.size() + 200);
                }
            }
        }

        @Test
        void neverLosesALiveOne() {
            Random random = new Random(8);
            for (int round = 0; round < 500; round++) {
                List<Sleeper> live = new ArrayList<>();
                List<WaitStack.Node> leaving = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    Sleeper sleeper = new Sleeper();
                    WaitStack.Node node = list.add(sleeper);
                    if (random.nextInt(10) == 0) {
                        live.add(sleeper);
                    } else {
                        leaving.add(node);
                    }
                }
                Collections.shuffle(leaving, random);
                leaving.forEach(WaitStack.Node::remove);
                list.wakeAll();
                assertThat(live).allSatisfy(sleeper -> assertThat(sleeper.woken).hasValue(1));
            }
        }
    }

    /** A blocked thread looks when it is woken, and then sleeps again, however often that was for nothing. */
    @Test
    void aThreadThatIsWokenForNothingSleepsAgain() {
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Call<Boolean> call = Call.of(() -> Waiter.await(
                        new Waiter.Subject<Boolean, RuntimeException>() {
                            @Override
                            public Boolean attempt() {
                                looks.incrementAndGet();
                                return over.get() ? true : null;
                            }

                            @Override
                            public void arm(Waiter waiter) {
                                waiter.arm(list);
                            }
                        },
                        Long.MAX_VALUE))
                .blocked();
        for (int wakeUps = 1; wakeUps <= 3; wakeUps++) {
            int before = looks.get();
            list.wakeAll();
            eventually("it has looked", () -> looks.get() > before);
            call.blocked();
            assertThat(looks.get() - before).as("looks for one wake-up").isLessThan(10);
        }
        over.set(true);
        list.wakeAll();
        assertThat(call.result()).isTrue();
    }

    /** Sweeps, pops and wake-ups all at once: everybody who waits is woken, nobody who gave up. */
    @Test
    void sweepsThatRaceWakeUpsLoseNobody() {
        List<Call<Void>> crowd = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            Random random = new Random(thread);
            crowd.add(Call.to(() -> {
                List<WaitStack.Node> nodes = new ArrayList<>();
                for (int i = 0; i < 500_000; i++) {
                    nodes.add(list.add(new Sleeper()));
                    if (nodes.size() > 60) {
                        nodes.remove(random.nextInt(nodes.size())).remove();
                    }
                }
                nodes.forEach(WaitStack.Node::remove);
            }));
        }
        int rounds = 0;
        while (crowd.stream().anyMatch(call -> !call.isDone())) {
            Sleeper sleeper = new Sleeper();
            list.add(sleeper);
            for (int i = 0; i < rounds % 64; i++) {
                Thread.onSpinWait();
            }
            list.wakeAll();
            if (sleeper.woken.get() == 0) { // the crowd does not wake, so only this thread could have
                throw new AssertionError("a live waiter was lost in round " + rounds);
            }
            rounds++;
        }
        crowd.forEach(Call::result);
        list.wakeAll();
        assertThat(list.linked()).isZero();
    }

    @Nested
    class OfACell {
        private final Cell<String> cell = new Cell<>();
        private final Watcher<String> watcher = cell.cursor();

        private int linked() {
            return cell.waiting().linked();
        }

        @Test
        void holdsNoIdleWatcher() {
            cell.set("a");
            List<Watcher<String>> idle = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                Watcher<String> one = cell.cursor();
                one.poll();
                idle.add(one);
            }
            assertThat(linked()).isZero();
            assertThat(idle.get(0).poll()).isEmpty();
        }

        @Test
        void holdsABlockedCallUntilASet() {
            Call<String> next = Call.of(watcher::next).blocked();
            assertThat(linked()).isEqualTo(1);
            cell.set("a");
            next.result();
            assertThat(linked()).isZero();
        }

        @Test
        void isLeftByACallThatTimesOutOrIsInterruptedOrClosed() {
            assertThatThrownBy(() -> watcher.next(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
            assertThat(linked()).isZero();
            Call<String> interrupted = Call.of(watcher::next).blocked();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
            assertThat(linked()).isZero();
            Call<String> closed = Call.of(watcher::next).blocked();
            watcher.close();
            assertThat(closed.failure()).isInstanceOf(WatcherClosedException.class);
            assertThat(linked()).isZero();
        }

        @Test
        void isLeftByAFutureThatIsCancelledOrClosed() {
            CompletableFuture<String> cancelled = watcher.nextAsync(Runnable::run);
            assertThat(linked()).isEqualTo(1);
            cancelled.cancel(true);
            assertThat(linked()).isZero();
            CompletableFuture<String> closed = watcher.nextAsync(Runnable::run);
            watcher.close();
            assertThat(closed).isCompletedExceptionally();
            assertThat(linked()).isZero();
        }

        @Test
        void isLeftByACombinedCallInEveryInput() {
            Cell<String> other = new Cell<>();
            WaitList both = other.waiting();
            Call<Object> call = Call.of(() -> Waiter.await(
                            new Waiter.Subject<Object, RuntimeException>() {
                                @Override
                                public Object attempt() {
                                    return null;
                                }

                                @Override
                                public void arm(Waiter waiter) {
                                    waiter.arm(cell.waiting());
                                    waiter.arm(other.waiting());
                                }
                            },
                            Duration.ofMillis(20).toNanos()))
                    .blocked();
            assertThat(call.result()).isNull();
            assertThat(linked()).isZero();
            assertThat(both.linked()).isZero();
        }

        @Test
        void holdsAThreadOnceHoweverOftenItIsWokenByAnother() {
            Cell<Integer> busy = new Cell<>();
            AtomicInteger looked = new AtomicInteger();
            Call<Boolean> call = Call.of(() -> Waiter.await(
                            new Waiter.Subject<Boolean, RuntimeException>() {
                                @Override
                                public Boolean attempt() {
                                    looked.set(Objects.requireNonNullElse(busy.get(), 0));
                                    return cell.get() == null ? null : true;
                                }

                                @Override
                                public void arm(Waiter waiter) {
                                    waiter.arm(cell.waiting());
                                    waiter.arm(busy.waiting());
                                }
                            },
                            Long.MAX_VALUE))
                    .blocked();
            for (int i = 1; i <= 10; i++) {
                int state = i;
                busy.set(state);
                eventually("it has looked", () -> looked.get() == state);
                call.blocked();
                assertThat(linked()).isEqualTo(1);
            }
            cell.set("a");
            assertThat(call.result()).isTrue();
        }

        @Test
        void staysShortWhileManyCallsTimeOutOverAndOverAndNobodySets() {
            List<Call<Void>> calls = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Random random = new Random(thread);
                Watcher<String> mine = cell.cursor();
                calls.add(Call.to(() -> {
                    for (int i = 0; i < 1_500; i++) {
                        assertThatThrownBy(() -> mine.next(Duration.ofNanos(random.nextInt(200_000))))
                                .isInstanceOf(TimeoutException.class);
                    }
                }));
            }
            eventually("all calls have timed out", () -> {
                assertThat(linked()).isLessThan(200);
                return calls.stream().allMatch(Call::isDone);
            });
            calls.forEach(Call::result);
            assertThat(linked()).isLessThan(40);
        }
    }
}
