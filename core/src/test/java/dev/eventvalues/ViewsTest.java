package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promise 12, views of one value: {@code map} ends at the newest state, {@code filter} shows the state only while it
 * matches, {@code distinct} skips repetitions. Each is a reader like any other, so it runs the common promises too.
 */
class ViewsTest {
    private final MemoryValue<Integer> value = new MemoryValue<>();

    @Nested
    class MapOfIdentity extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            return text.map(state -> state);
        }
    }

    @Nested
    class FilterThatHidesNothing extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            return text.filter(state -> true);
        }
    }

    @Nested
    class DistinctOfDifferentStates extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            return text.distinct();
        }
    }

    @Nested
    class CombineOfOne extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            return Values.combine(List.of(text), states -> states.get(0));
        }
    }

    @Nested
    class CombineWithAConstant extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            return Values.combine(new MemoryValue<>(""), text, String::concat);
        }
    }

    @Nested
    class AllOfThemAtOnce extends ContractOfAView {
        @Override
        protected ValueReader<String> reader() {
            ValueReader<String> view = text.map(state -> " " + state)
                    .filter(state -> !state.isBlank())
                    .distinct()
                    .map(String::strip);
            return Values.combine(view, view.map(String::length), (state, length) -> state)
                    .distinct();
        }
    }

    /** The common promises on a view of a value in memory. */
    abstract static class ContractOfAView extends ValueContract {
        final MemoryValue<String> text = new MemoryValue<>();

        @Override
        protected void set(String state) {
            text.set(state);
        }
    }

    @Test
    void ofViewsMayBeChainedToAnyLength() throws Exception {
        MemoryValue<Integer> value = new MemoryValue<>(1);
        ValueReader<Integer> view = value;
        for (int i = 0; i < 10_000; i++) {
            view = view.map(state -> state + 1).filter(state -> state > 0);
        }

        try (Watcher<Integer> watcher = view.watch()) {
            assertThat(watcher.next()).isEqualTo(10_001);
            value.set(-20_000);
            assertThat(watcher.poll()).isEmpty();
        }
        assertThat(view.current()).isEmpty();
    }

    @Nested
    class Map {
        @Test
        void showsEachStateThroughTheFunction() throws Exception {
            value.set(1);
            ValueReader<String> view = value.map(state -> "state " + state);
            assertThat(view.current()).hasValue("state 1");
            assertThat(view.await()).isEqualTo("state 1");
        }

        @Test
        void ofAStateThatIsNeverReadIsNotComputed() throws Exception {
            List<Integer> mapped = new ArrayList<>();
            ValueReader<Integer> view = value.map(state -> {
                mapped.add(state);
                return state;
            });
            try (Watcher<Integer> watcher = view.watch()) {
                value.set(1);
                value.set(2);
                value.set(3);
                watcher.next();
                assertThat(watcher.poll()).isEmpty();
            }
            assertThat(mapped).containsExactly(3);
        }

        /** Promise 2: null is refused, also from a mapper. */
        @Test
        void toNullIsRefusedAndHasAPositionLikeAnyFailure() throws Exception {
            ValueReader<String> view = value.map(state -> state < 0 ? null : "fine");
            try (Watcher<String> watcher = view.watch()) {
                value.set(-1);
                assertThatThrownBy(view::current).isInstanceOf(NullPointerException.class);
                assertThatThrownBy(watcher::next)
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("the mapper returned null");
                assertThat(watcher.poll()).isEmpty();
                value.set(1);
                assertThat(watcher.next()).isEqualTo("fine");
            }
        }

        @Test
        void isComputedAgainByTheNextCallIfTheLastOneDidNotDeliver() throws Exception {
            AtomicInteger computed = new AtomicInteger();
            ValueReader<Integer> view = value.map(state -> {
                computed.incrementAndGet();
                return state;
            });
            value.set(1);
            try (Watcher<Integer> watcher = view.watch()) {
                assertThatThrownBy(() -> watcher.next(state -> false, Duration.ofMillis(5)))
                        .isInstanceOf(TimeoutException.class);
                assertThat(watcher.next()).isEqualTo(1);
            }
            assertThat(computed).hasValue(2);
        }
    }

    @Nested
    class Filter {
        private final ValueReader<Integer> even = value.filter(state -> state % 2 == 0);

        @Test
        void hidesStatesThatDoNotMatch() throws Exception {
            try (Watcher<Integer> watcher = even.watch()) {
                value.set(1);
                assertThat(watcher.poll()).isEmpty();
                value.set(2);
                assertThat(watcher.next()).isEqualTo(2);
                value.set(3);
                assertThat(watcher.poll()).isEmpty();
            }
        }

        @Test
        void showsNothingAsCurrentWhileTheNewestStateDoesNotMatch() {
            value.set(2);
            assertThat(even.current()).hasValue(2);
            value.set(3);
            assertThat(even.current()).isEmpty();
        }

        @Test
        void keepsABlockedCallWaitingUntilAMatch() throws Exception {
            try (Watcher<Integer> watcher = even.watch()) {
                Call<Integer> next = Call.of(watcher::next).blocked();
                value.set(1);
                value.set(3);
                next.blocked();
                value.set(4);
                assertThat(next.result()).isEqualTo(4);
            }
        }

        @Test
        void mayMissABriefMatch() throws Exception {
            try (Watcher<Integer> watcher = even.watch()) {
                value.set(2);
                value.set(3);
                assertThat(watcher.poll()).isEmpty();
            }
        }

        @Test
        void tellsAgainOfAMatchAfterAnEndedOne() throws Exception {
            try (Watcher<Integer> watcher = even.watch()) {
                value.set(2);
                assertThat(watcher.next()).isEqualTo(2);
                value.set(3);
                value.set(2);
                assertThat(watcher.next()).isEqualTo(2);
            }
        }

        /** The way to follow a condition, as the documentation says. */
        @Test
        void isNotNeededToFollowACondition() throws Exception {
            try (Watcher<Boolean> watcher =
                    value.map(state -> state % 2 == 0).distinct().watch()) {
                value.set(2);
                assertThat(watcher.next()).isTrue();
                value.set(4);
                assertThat(watcher.poll()).isEmpty();
                value.set(5);
                assertThat(watcher.next()).isFalse();
            }
        }
    }

    @Nested
    class Distinct {
        private final ValueReader<Integer> distinct = value.distinct();

        @Test
        void skipsAStateThatEqualsTheOneDeliveredLast() throws Exception {
            value.set(1000);
            try (Watcher<Integer> watcher = distinct.watch()) {
                assertThat(watcher.next()).isEqualTo(1000);
                value.set(Integer.valueOf("1000"));
                assertThat(watcher.poll()).isEmpty();
                value.set(2);
                assertThat(watcher.next()).isEqualTo(2);
                value.set(1000);
                assertThat(watcher.next()).isEqualTo(1000);
            }
        }

        @Test
        void comparesWithWhatWasDeliveredNotWithWhatWasSkipped() throws Exception {
            value.set(1);
            try (Watcher<Integer> watcher = distinct.watch()) {
                watcher.next();
                value.set(2);
                value.set(1);
                assertThat(watcher.poll()).isEmpty();
            }
        }

        @Test
        void keepsABlockedCallWaitingWhileNothingChanges() throws Exception {
            value.set(1);
            try (Watcher<Integer> watcher = distinct.watch()) {
                watcher.next();
                Call<Integer> next = Call.of(watcher::next).blocked();
                value.set(1);
                next.blocked();
                value.set(2);
                assertThat(next.result()).isEqualTo(2);
            }
        }

        @Test
        void comparesAsItIsTold() throws Exception {
            value.set(10);
            try (Watcher<Integer> watcher =
                    value.distinct((last, now) -> last / 10 == now / 10).watch()) {
                assertThat(watcher.next()).isEqualTo(10);
                value.set(19);
                assertThat(watcher.poll()).isEmpty();
                value.set(20);
                assertThat(watcher.next()).isEqualTo(20);
            }
        }

        @Test
        void startsAfreshForEachWatcher() throws Exception {
            value.set(1);
            assertThat(distinct.await()).isEqualTo(1);
            assertThat(distinct.await()).isEqualTo(1);
        }

        /** Promise 4: a rejected state was not delivered, so nothing can be the same as it. */
        @Test
        void doesNotCompareWithAStateThatAConditionRejected() throws Exception {
            try (Watcher<Integer> watcher = distinct.watch()) {
                value.set(1);
                assertThatThrownBy(() -> watcher.next(state -> false, Duration.ofMillis(5)))
                        .isInstanceOf(TimeoutException.class);
                value.set(1);
                assertThat(watcher.next(BOUND)).isEqualTo(1);
            }
        }

        /** Promise 4, where the rejected state was followed by one that failed. */
        @Test
        void doesNotCompareWithARejectedStateEvenIfTheNextOneFailed() throws Exception {
            ValueReader<Integer> view = value.map(state -> 10 / state).distinct();
            CountDownLatch rejected = new CountDownLatch(1);
            try (Watcher<Integer> watcher = view.watch()) {
                Call<Integer> next = Call.of(() -> watcher.next(state -> {
                            rejected.countDown();
                            return false;
                        }))
                        .blocked();
                value.set(1);
                assertThat(rejected.await(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                        .isTrue();
                value.set(0);
                assertThat(next.failure()).isInstanceOf(ArithmeticException.class);
                value.set(1);
                assertThat(watcher.poll()).hasValue(10);
            }
        }

        @Test
        void skipsTheSameStateAlsoAfterAFailure() throws Exception {
            ValueReader<Integer> view = value.map(state -> 10 / state).distinct();
            try (Watcher<Integer> watcher = view.watch()) {
                value.set(1);
                assertThat(watcher.next()).isEqualTo(10);
                value.set(0);
                assertThatThrownBy(watcher::next).isInstanceOf(ArithmeticException.class);
                value.set(1);
                assertThat(watcher.poll()).isEmpty();
            }
        }
    }
}
