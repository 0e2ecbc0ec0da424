package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@link Select}: one loop over many values, with promises 4, 5, 9 and 10 as they apply to it. */
class SelectTest {
    private final MemoryValue<String> letter = new MemoryValue<>();
    private final MemoryValue<Integer> number = new MemoryValue<>();
    private final List<Object> handled = new CopyOnWriteArrayList<>();
    private final Select select = new Select();

    @AfterEach
    void closeSelect() {
        select.close();
    }

    @Nested
    class OneRound {
        @Test
        void handlesEachReadyValueOnceInTurn() throws Exception {
            select.on(letter, handled::add).on(number, handled::add);
            letter.set("a");
            number.set(1);
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(handled).containsExactly("a", 1);
        }

        @Test
        void handlesTheNewestStateOfEach() throws Exception {
            select.on(letter, handled::add);
            letter.set("a");
            letter.set("b");
            select.runOnce(Duration.ZERO);
            assertThat(handled).containsExactly("b");
            assertThat(select.runOnce(Duration.ZERO)).isFalse();
        }

        @Test
        void waitsForAStateIfThereIsNone() throws Exception {
            select.on(letter, handled::add).on(number, handled::add);
            Call<Boolean> round = Call.of(() -> select.runOnce(BOUND)).blocked();
            number.set(1);
            assertThat(round.result()).isTrue();
            assertThat(handled).containsExactly(1);
        }

        @Test
        void givesUpInTime() throws Exception {
            select.on(letter, handled::add);
            assertThat(select.runOnce(Duration.ofMillis(5))).isFalse();
        }

        @Test
        void withATimeoutAtOrBelowZeroIsOneTry() throws Exception {
            select.on(letter, handled::add);
            assertThat(select.runOnce(Duration.ZERO)).isFalse();
            assertThat(select.runOnce(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
            letter.set("a");
            assertThat(select.runOnce(Duration.ofSeconds(-1))).isTrue();
        }

        /** A busy value cannot starve the others. */
        @Test
        void servesAQuietValueBesideABusyOne() throws Exception {
            select.on(letter, state -> letter.set(state + "a")).on(number, handled::add);
            letter.set("a");
            select.runOnce(Duration.ZERO);
            number.set(1);
            select.runOnce(Duration.ZERO);
            assertThat(handled).containsExactly(1);
        }

        @Test
        void runsHandlersOnTheCallingThread() throws Exception {
            select.on(letter, state -> handled.add(Thread.currentThread()));
            letter.set("a");
            select.runOnce(Duration.ZERO);
            assertThat(handled).containsExactly(Thread.currentThread());
        }

        @Test
        void servesViewsToo() throws Exception {
            select.on(Values.combine(letter, number, (a, b) -> a + b), handled::add)
                    .on(letter.filter(state -> state.equals("b")), handled::add);
            letter.set("a");
            number.set(1);
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            letter.set("b");
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(handled).containsExactly("a1", "b1", "b");
        }
    }

    @Nested
    class Run {
        @Test
        void handlesWhatComesUntilClosed() throws Exception {
            select.on(letter, handled::add).on(number, handled::add);
            Call<Void> run = Call.to(select::run).blocked();
            letter.set("a");
            eventually("the letter is handled", () -> handled.contains("a"));
            number.set(1);
            eventually("the number is handled", () -> handled.contains(1));
            run.blocked();
            select.close();
            run.result();
        }

        @Test
        void returnsIfAHandlerCloses() throws Exception {
            select.on(letter, state -> select.close()).on(number, handled::add);
            letter.set("a");
            number.set(1);
            Call.to(select::run).result();
            assertThat(handled).isEmpty();
        }

        @Test
        void returnsAtOnceIfClosedBefore() {
            select.on(letter, handled::add);
            letter.set("a");
            select.close();
            select.close();
            Call.to(select::run).result();
            assertThat(Call.of(() -> select.runOnce(BOUND)).result()).isFalse();
            assertThat(handled).isEmpty();
        }

        /** Promise 4. */
        @Test
        void isInterruptibleAndLosesNothing() throws Exception {
            select.on(letter, handled::add);
            Call<Void> run = Call.to(select::run).blocked();
            run.interrupt();
            assertThat(run.failure()).isInstanceOf(InterruptedException.class);
            letter.set("a");
            Call<Boolean> interrupted = Call.of(() -> {
                Thread.currentThread().interrupt();
                return select.runOnce(BOUND);
            });
            assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
            assertThat(handled).isEmpty();
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(handled).containsExactly("a");
        }

        @Test
        void servesAValueThatIsAddedMeanwhile() {
            Call<Void> run = Call.to(select::run).blocked();
            number.set(1);
            select.on(number, handled::add);
            eventually("the new value is handled", () -> handled.contains(1));
            select.close();
            run.result();
        }

        @Test
        void servesAValueThatAHandlerAdds() {
            select.on(letter, state -> select.on(number, handled::add));
            letter.set("a");
            number.set(1);
            Call<Void> run = Call.to(select::run);
            eventually("the new value is handled", () -> handled.contains(1));
            select.close();
            run.result();
        }

        @Test
        void runsATaskThatIsAddedWhileItWaits() {
            Call<Void> run = Call.to(select::run).blocked();
            select.every(Duration.ofMillis(1), handled::add);
            eventually("the task has run twice", () -> handled.size() >= 2);
            select.close();
            run.result();
        }

        @Test
        void runsATaskThatIsAddedWhileItWaitsForALaterOne() {
            select.every(Duration.ofDays(1), handled::add);
            Call<Void> run = Call.to(select::run).blocked();
            select.every(Duration.ofMillis(1), now -> handled.add("soon"));
            eventually("the task has run", () -> handled.contains("soon"));
            select.close();
            run.result();
        }
    }

    /** Promise 5, for the loop. */
    @Nested
    class OneThread {
        @Test
        void runsTheLoopAndTheOthersAreRefused() {
            AtomicInteger rounds = new AtomicInteger();
            select.on(number, state -> {
                rounds.incrementAndGet();
                number.set(state + 1);
            });
            number.set(0);
            Call<Void> run = Call.to(select::run);
            eventually("the loop runs", () -> rounds.get() > 0);
            for (int i = 0; i < 50_000; i++) {
                assertThatThrownBy(() -> select.runOnce(Duration.ZERO))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("another thread");
                if (run.isDone()) {
                    break;
                }
            }
            select.close();
            run.result();
        }

        @Test
        void canBeFollowedByAnother() throws Exception {
            select.on(letter, handled::add);
            letter.set("a");
            assertThat(Call.of(() -> select.runOnce(BOUND)).result()).isTrue();
            letter.set("b");
            assertThat(select.runOnce(BOUND)).isTrue();
            assertThat(handled).containsExactly("a", "b");
        }
    }

    /** Promise 10, for the loop. */
    @Nested
    class AFailure {
        private final ValueReader<Integer> parsed = letter.map(Integer::parseInt);

        @Test
        void ofAHandlerEndsTheLoopWhichMayBeRunAgain() throws Exception {
            select.on(letter, state -> {
                if (state.equals("bad")) {
                    throw new IOException("disk full");
                }
                handled.add(state);
            });
            letter.set("bad");
            assertThatThrownBy(select::run).isInstanceOf(IOException.class).hasMessage("disk full");
            assertThat(select.runOnce(Duration.ZERO)).isFalse();
            letter.set("good");
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(handled).containsExactly("good");
        }

        @Test
        void ofAStateIsThrownOnceIfNobodyHandlesIt() throws Exception {
            select.on(parsed, handled::add);
            letter.set("one");
            assertThatThrownBy(select::run).isInstanceOf(NumberFormatException.class);
            assertThat(select.runOnce(Duration.ZERO)).isFalse();
            letter.set("1");
            select.runOnce(Duration.ZERO);
            assertThat(handled).containsExactly(1);
        }

        @Test
        void ofAStateGoesToItsHandlerAndTheLoopGoesOn() throws Exception {
            select.on(parsed, handled::add, failure -> handled.add(failure.getClass()));
            letter.set("one");
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            letter.set("1");
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(handled).containsExactly(NumberFormatException.class, 1);
        }

        @Test
        void ofAFailureHandlerEndsTheLoop() {
            select.on(parsed, handled::add, failure -> {
                throw new IOException("disk full");
            });
            letter.set("one");
            assertThatThrownBy(select::run).hasMessage("disk full");
        }

        @Test
        void aboutAnotherClosedWatcherIsNotMistakenForItsOwnEnd() {
            Watcher<Integer> closed = number.watch();
            closed.close();
            select.on(letter, state -> closed.next());
            letter.set("a");
            assertThatThrownBy(select::run).isInstanceOf(WatcherClosedException.class);
        }
    }

    @Nested
    class Every {
        private final long[] nanos = {Long.MAX_VALUE - 5_000}; // the clock wraps around meanwhile
        private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private final Select timed = new Select(() -> nanos[0], Clock.fixed(now, ZoneOffset.UTC));

        @Test
        void runsFirstAfterOnePeriodAndThenOncePerPeriod() throws Exception {
            timed.every(Duration.ofNanos(1_000), handled::add);
            assertThat(ranAfter(0)).isFalse();
            assertThat(ranAfter(999)).isFalse();
            assertThat(ranAfter(1)).isTrue();
            assertThat(ranAfter(0)).isFalse();
            assertThat(ranAfter(999)).isFalse();
            assertThat(ranAfter(1)).isTrue();
            assertThat(handled).hasSize(2);
        }

        @Test
        void coalescesMissedTicks() throws Exception {
            timed.every(Duration.ofNanos(1_000), handled::add);
            assertThat(ranAfter(7_500)).isTrue();
            assertThat(ranAfter(0)).isFalse();
            assertThat(ranAfter(499)).isFalse();
            assertThat(ranAfter(1)).isTrue();
            assertThat(handled).hasSize(2);
        }

        @Test
        void tellsTheTimeAtWhichItRuns() throws Exception {
            timed.every(Duration.ofNanos(1), handled::add);
            ranAfter(1);
            assertThat(handled).containsExactly(now);
        }

        @Test
        void runsBesideValuesInTheSameRound() throws Exception {
            timed.on(letter, handled::add).every(Duration.ofNanos(1), tick -> handled.add("tick"));
            letter.set("a");
            ranAfter(1);
            assertThat(handled).containsExactly("a", "tick");
        }

        @Test
        void wakesALoopThatWaits() throws Exception {
            select.every(Duration.ofMillis(5), handled::add);
            long start = System.nanoTime();
            assertThat(select.runOnce(BOUND)).isTrue();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(4));
        }

        @Test
        void withAHugePeriodNeverComes() throws Exception {
            timed.every(Duration.ofSeconds(Long.MAX_VALUE), handled::add);
            assertThat(ranAfter(1)).isFalse();
            assertThat(ranAfter(Long.MAX_VALUE / 8)).isFalse();
        }

        @Test
        void isOneOfMany() throws Exception {
            timed.every(Duration.ofNanos(1), tick -> handled.add("tick"))
                    .every(Duration.ofNanos(2), tick -> handled.add("tock"));
            ranAfter(1);
            ranAfter(1);
            assertThat(handled).containsExactly("tick", "tick", "tock");
        }

        @Test
        void needsAPeriodAboveZero() {
            for (Duration period : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
                assertThatThrownBy(() -> select.every(period, handled::add))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(period.toString());
            }
        }

        private boolean ranAfter(long more) throws Exception {
            nanos[0] += more;
            return timed.runOnce(Duration.ZERO);
        }
    }

    @Nested
    class Closed {
        @Test
        void takesNothingMore() {
            select.close();
            assertThatThrownBy(() -> select.on(letter, handled::add)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> select.on(letter, handled::add, handled::add))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> select.every(BOUND, handled::add)).isInstanceOf(IllegalStateException.class);
        }

        /** Promise 6: close races what it may. */
        @Test
        void whileAStateComesHarmsNeither() throws Exception {
            for (int i = 0; i < 300; i++) {
                Select racing = new Select().on(number, handled::add);
                CountDownLatch go = new CountDownLatch(1);
                List<Call<Void>> calls = new ArrayList<>();
                calls.add(Call.to(racing::run));
                calls.add(Call.to(() -> {
                    go.await();
                    racing.close();
                }));
                go.countDown();
                number.set(i);
                calls.forEach(Call::result);
            }
        }
    }
}
