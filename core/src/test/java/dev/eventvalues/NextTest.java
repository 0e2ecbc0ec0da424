package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promises 1, 4 and 5 where threads race: what {@code next} returns, what a call that returns nothing leaves behind, and
 * one call at a time. What holds for every value is in {@link WatcherContract}.
 */
class NextTest {
    private static final int LAST = 20_000;

    private final MemoryValue<Integer> value = new MemoryValue<>();

    /** Promise 1. */
    @Nested
    class TheNewestState {
        @Test
        void aHundredWatchersAtDifferentPacesSettleOnTheLastAndNeverGoBack() throws Exception {
            List<Call<Void>> consumers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Random pace = new Random(i);
                Watcher<Integer> watcher = value.watch();
                consumers.add(Call.to(() -> {
                    try (watcher) {
                        for (int last = -1; last < LAST; ) {
                            int state = watcher.next(BOUND);
                            assertThat(state).isGreaterThan(last);
                            last = state;
                            LockSupport.parkNanos(pace.nextInt(2_000_000));
                        }
                    }
                }));
            }
            for (int i = 0; i <= LAST; i++) {
                value.set(i);
            }
            consumers.forEach(Call::result);
        }

        /** A flaw of the original: with two producers an older state could overtake a newer one. */
        @Test
        void anOlderStateNeverOvertakesANewerOne() throws Exception {
            value.set(0);
            List<Call<Void>> consumers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Watcher<Integer> watcher = value.watch();
                consumers.add(Call.to(() -> {
                    try (watcher) {
                        for (int last = -1; last < 2 * LAST; ) {
                            int state = watcher.next(BOUND);
                            assertThat(state).isGreaterThan(last);
                            last = state;
                        }
                    }
                }));
            }
            List<Call<Void>> producers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                producers.add(Call.to(() -> {
                    for (int n = 0; n < LAST; n++) {
                        value.update(state -> state + 1);
                    }
                }));
            }
            producers.forEach(Call::result);
            consumers.forEach(Call::result);
        }

        /**
         * A condition may block, and then it uses up the wake-up of a set that comes meanwhile: LockSupport keeps one
         * permit a thread, whoever parks.
         */
        @Test
        void aSetIsNotMissedWhileTheConditionParksTheThread() throws Exception {
            try (Watcher<Integer> watcher = value.watch()) {
                Call<Integer> next = Call.of(() -> watcher.next(state -> {
                            if (state < 5) {
                                value.set(state + 1);
                                LockSupport.unpark(Thread.currentThread());
                                LockSupport.park(); // uses up the permit, whoever gave it
                            }
                            return state == 5;
                        }))
                        .blocked();
                value.set(1);
                assertThat(next.result()).isEqualTo(5);
            }
        }
    }

    /** Promise 4. */
    @Nested
    class NothingIsLost {
        /** A flaw of the original: cancelled in the middle of a hand-over, it lost the state or stopped the producer. */
        @Test
        void whenAnInterruptRacesASet() throws Exception {
            try (Watcher<Integer> watcher = value.watch()) {
                for (int i = 0; i < 1_000; i++) {
                    int round = i;
                    CountDownLatch started = new CountDownLatch(1);
                    Call<Boolean> next = Call.of(() -> {
                        started.countDown();
                        try {
                            assertThat(watcher.next()).isEqualTo(round);
                            return true;
                        } catch (InterruptedException e) {
                            return false;
                        }
                    });
                    assertThat(started.await(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                            .isTrue();
                    Call<Void> interrupter = Call.to(next::interrupt);
                    value.set(round);
                    interrupter.result();
                    if (!next.result()) {
                        assertThat(watcher.next(Duration.ZERO)).isEqualTo(round);
                    }
                    assertThat(watcher.poll()).isEmpty();
                }
            }
        }

        @Test
        void whenTimeoutsRaceSets() throws Exception {
            Watcher<Integer> watcher = value.watch();
            Call<Void> consumer = Call.to(() -> {
                try (watcher) {
                    for (int last = -1; last < LAST; ) {
                        try {
                            int state = watcher.next(Duration.ofNanos(1 + (last & 0xfff)));
                            assertThat(state).isGreaterThan(last);
                            last = state;
                        } catch (TimeoutException e) {
                            Thread.onSpinWait();
                        }
                    }
                }
            });
            for (int i = 0; i <= LAST; i++) {
                value.set(i);
            }
            consumer.result();
        }

        /** A flaw of the original: with a state ready and the call cancelled, either could happen. */
        @Test
        void anInterruptWinsOverAStateThatIsReady() {
            value.set(1);
            try (Watcher<Integer> watcher = value.watch()) {
                for (int i = 0; i < 100; i++) {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(watcher::next).isInstanceOf(InterruptedException.class);
                }
                assertThat(watcher.poll()).hasValue(1);
            }
        }

        @Test
        void pollIgnoresAnInterruptAndLeavesTheFlag() {
            value.set(1);
            try (Watcher<Integer> watcher = value.watch()) {
                Thread.currentThread().interrupt();
                assertThat(watcher.poll()).hasValue(1);
                assertThat(Thread.interrupted()).isTrue();
            }
        }

        @Test
        void theConditionIsAskedOncePerStateInACall() throws Exception {
            AtomicInteger asked = new AtomicInteger();
            value.set(1);
            try (Watcher<Integer> watcher = value.watch()) {
                Call<Integer> next = Call.of(() -> watcher.next(state -> {
                            asked.incrementAndGet();
                            return state == 2;
                        }))
                        .blocked();
                value.set(2);
                next.result();
                assertThat(asked).hasValue(2);
            }
        }
    }

    /** Promises 1 and 4. */
    @Nested
    class ABlockedCall {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final Watcher<Integer> watcher = value.watch();
        private final Call<Integer> next = Call.of(() -> {
                    thread.set(Thread.currentThread());
                    return watcher.next();
                })
                .blocked();

        /** A flaw of the original: its hand-shake could spin. */
        @Test
        void usesNoProcessor() {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long before = threads.getThreadCpuTime(thread.get().getId());
            assertThatThrownBy(() -> new MemoryValue<>().await(Duration.ofMillis(50)))
                    .isInstanceOf(TimeoutException.class);
            long used = threads.getThreadCpuTime(thread.get().getId()) - before;
            assertThat(used).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
            value.set(1);
            next.result();
        }

        @Test
        void goesOnWaitingAfterAStrayWakeUp() {
            for (int i = 0; i < 100; i++) {
                LockSupport.unpark(thread.get());
            }
            next.blocked();
            value.set(1);
            assertThat(next.result()).isEqualTo(1);
        }
    }

    /** Promise 4: what a timeout says. */
    @Nested
    class ATimeout {
        @Test
        void saysThatTheValueIsNotSet() {
            assertThatThrownBy(() -> value.await(Duration.ofMillis(1)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("no unseen state within PT0.001S: the value is not set");
        }

        @Test
        void saysThatNothingNewCame() {
            value.set(1);
            try (Watcher<Integer> watcher = value.watch()) {
                watcher.poll();
                assertThatThrownBy(() -> watcher.next(Duration.ofMillis(1)))
                        .hasMessage("no unseen state within PT0.001S: the value was not set anew");
            }
        }

        @Test
        void saysThatTheNewestStateWasRejected() {
            value.set(1);
            assertThatThrownBy(() -> value.await(state -> state > 1, Duration.ofMillis(1)))
                    .hasMessage("no unseen state that the condition accepts within PT0.001S: the newest state was"
                            + " passed over");
        }

        @Test
        void saysThatAFilterHidesTheNewestState() {
            value.set(1);
            assertThatThrownBy(() -> value.filter(state -> state > 1).await(Duration.ofMillis(1)))
                    .hasMessage("no unseen state within PT0.001S: the newest state was passed over");
        }

        @Test
        void namesTheInputOfACombinationThatIsMissing() {
            ValueReader<Integer> sum = Values.combine(new MemoryValue<>(1), value, Integer::sum);
            assertThatThrownBy(() -> sum.await(Duration.ofMillis(1)))
                    .hasMessage("no unseen state within PT0.001S: input 2 of 2: the value is not set");
        }
    }

    /** Promise 5. */
    @Nested
    class OneCallAtATime {
        /** A flaw of the original's tests: they passed even if both calls were refused. */
        @Test
        void ofTwoThatStartTogetherExactlyOneIsRefused() throws Exception {
            for (int round = 0; round < 500; round++) {
                int state = round;
                try (Watcher<Integer> watcher = value.watch()) {
                    watcher.poll();
                    CountDownLatch go = new CountDownLatch(1);
                    AtomicInteger refused = new AtomicInteger();
                    List<Call<Integer>> calls = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        calls.add(Call.of(() -> {
                            go.await();
                            try {
                                return watcher.next();
                            } catch (IllegalStateException e) {
                                refused.incrementAndGet();
                                return -1;
                            }
                        }));
                    }
                    go.countDown();
                    Eventually.eventually("one of the two is refused", () -> refused.get() > 0);
                    value.set(state);
                    assertThat(List.of(calls.get(0).result(), calls.get(1).result()))
                            .containsExactlyInAnyOrder(-1, state);
                }
            }
        }

        @Test
        void aConditionCannotAskItsOwnWatcher() {
            value.set(1);
            try (Watcher<Integer> watcher = value.watch()) {
                assertThatThrownBy(() -> watcher.next(state -> watcher.poll().isPresent()))
                        .isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void aRefusedCallLeavesTheWatcherUsable() throws Exception {
            try (Watcher<Integer> watcher = value.watch()) {
                Call<Integer> first = Call.of(watcher::next).blocked();
                assertThatThrownBy(watcher::poll).isInstanceOf(IllegalStateException.class);
                first.interrupt();
                first.failure();
                value.set(1);
                assertThat(watcher.next()).isEqualTo(1);
            }
        }
    }
}
