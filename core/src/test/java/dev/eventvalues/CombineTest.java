package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Promise 12, several values in one: {@code combine} waits for all, ends at the newest of each, may skip in between. */
class CombineTest {
    private final MemoryValue<String> left = new MemoryValue<>();
    private final MemoryValue<String> right = new MemoryValue<>();
    private final ValueReader<String> both = Values.combine(left, right, String::concat);

    @Test
    void waitsForAll() throws Exception {
        try (Watcher<String> watcher = both.watch()) {
            left.set("a");
            assertThat(watcher.poll()).isEmpty();
            assertThat(both.current()).isEmpty();
            right.set("1");
            assertThat(watcher.next()).isEqualTo("a1");
            assertThat(both.current()).hasValue("a1");
        }
    }

    @Test
    void isWokenByEachInput() throws Exception {
        left.set("a");
        right.set("1");
        try (Watcher<String> watcher = both.watch()) {
            watcher.next();
            Call<String> next = Call.of(watcher::next).blocked();
            left.set("b");
            assertThat(next.result()).isEqualTo("b1");
            next = Call.of(watcher::next).blocked();
            right.set("2");
            assertThat(next.result()).isEqualTo("b2");
        }
    }

    @Test
    void wakesABlockedCallOnlyOnceAllAreThere() throws Exception {
        try (Watcher<String> watcher = both.watch()) {
            Call<String> next = Call.of(watcher::next).blocked();
            right.set("1");
            next.blocked();
            left.set("a");
            assertThat(next.result()).isEqualTo("a1");
        }
    }

    @Test
    void skipsIntermediatePairs() throws Exception {
        try (Watcher<String> watcher = both.watch()) {
            left.set("a");
            right.set("1");
            right.set("2");
            left.set("b");
            assertThat(watcher.next()).isEqualTo("b2");
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void combinesThree() throws Exception {
        MemoryValue<Integer> third = new MemoryValue<>(3);
        left.set("a");
        right.set("1");
        assertThat(Values.combine(left, right, third, (a, b, c) -> a + b + c).await())
                .isEqualTo("a13");
    }

    @Test
    void combinesAnyNumberInTheirOrder() throws Exception {
        List<MemoryValue<Integer>> inputs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            inputs.add(new MemoryValue<>(i));
        }
        ValueReader<List<Integer>> all = Values.combine(inputs, List::copyOf);
        try (Watcher<List<Integer>> watcher = all.watch()) {
            assertThat(watcher.next()).hasSize(50).isSorted();
            inputs.get(49).set(-1);
            assertThat(watcher.next()).endsWith(-1).hasSize(50);
        }
    }

    @Test
    void givesTheFunctionAListItCannotChange() {
        left.set("a");
        ValueReader<String> view = Values.combine(List.of(left), states -> {
            states.set(0, "forged");
            return "never";
        });
        assertThatThrownBy(view::await).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void copiesTheListOfInputs() throws Exception {
        left.set("a");
        List<ValueReader<String>> inputs = new ArrayList<>(List.of(left));
        ValueReader<Integer> view = Values.combine(inputs, List::size);
        inputs.add(right);
        assertThat(view.await()).isEqualTo(1);
    }

    @Test
    void ofNothingHasOneState() throws Exception {
        ValueReader<Integer> none = Values.combine(List.<ValueReader<String>>of(), List::size);
        assertThat(none.current()).hasValue(0);
        Watcher<Integer> watcher = none.watch();
        assertThat(watcher.next()).isZero();
        assertThat(watcher.poll()).isEmpty();
        Call<Integer> next = Call.of(watcher::next).blocked();
        watcher.close();
        assertThat(next.failure()).isInstanceOf(WatcherClosedException.class);
    }

    @Test
    void ofNothingGivesThatStateToAFutureToo() {
        Watcher<Integer> watcher =
                Values.combine(List.<ValueReader<String>>of(), List::size).watch();
        assertThat(watcher.nextAsync(Runnable::run)).isCompletedWithValue(0);
        assertThat(watcher.nextAsync(Runnable::run)).isNotDone();
        watcher.close();
    }

    @Test
    void saysInATimeoutWhatIsMissing() throws Exception {
        left.set("a");
        try (Watcher<String> watcher = both.watch()) {
            assertThatThrownBy(() -> watcher.next(Duration.ZERO))
                    .hasMessage("no unseen state within PT0S: input 2 of 2: the value is not set");
            right.set("1");
            assertThatThrownBy(() -> watcher.next(state -> false, Duration.ZERO))
                    .hasMessageEndingWith("within PT0S: the newest combination was passed over");
            watcher.next();
            assertThatThrownBy(() -> watcher.next(Duration.ZERO))
                    .hasMessageEndingWith("within PT0S: none of the 2 inputs has changed");
        }
    }

    @Test
    void mayUseOneValueTwice() throws Exception {
        ValueReader<String> twice = Values.combine(left, left.map(String::toUpperCase), String::concat);
        try (Watcher<String> watcher = twice.watch()) {
            Call<String> next = Call.of(watcher::next).blocked();
            left.set("a");
            assertThat(next.result()).isEqualTo("aA");
            left.set("b");
            assertThat(watcher.next()).isEqualTo("bB");
        }
    }

    @Test
    void nests() throws Exception {
        MemoryValue<String> third = new MemoryValue<>("!");
        ValueReader<String> nested = Values.combine(both, third, String::concat);
        left.set("a");
        right.set("1");
        try (Watcher<String> watcher = nested.watch()) {
            assertThat(watcher.next()).isEqualTo("a1!");
            right.set("2");
            assertThat(watcher.next()).isEqualTo("a2!");
            third.set("?");
            assertThat(watcher.next()).isEqualTo("a2?");
        }
    }

    @Test
    void hidesWhileAFilteredInputIsHidden() throws Exception {
        ValueReader<String> view = Values.combine(left.filter(state -> !state.isEmpty()), right, String::concat);
        left.set("a");
        right.set("1");
        try (Watcher<String> watcher = view.watch()) {
            assertThat(watcher.next()).isEqualTo("a1");
            left.set("");
            right.set("2");
            assertThat(watcher.poll()).isEmpty();
            assertThat(view.current()).isEmpty();
            left.set("b");
            assertThat(watcher.next()).isEqualTo("b2");
        }
    }

    @Test
    void skipsWhatADistinctInputSkips() throws Exception {
        ValueReader<String> view = Values.combine(left.distinct(), right.distinct(), String::concat);
        left.set("a");
        right.set("1");
        try (Watcher<String> watcher = view.watch()) {
            assertThat(watcher.next()).isEqualTo("a1");
            left.set("a");
            assertThat(watcher.poll()).isEmpty();
            left.set("a");
            right.set("2");
            assertThat(watcher.next()).isEqualTo("a2");
        }
    }

    @Test
    void callsTheFunctionOnlyForWhatItDelivers() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ValueReader<String> view = Values.combine(left.distinct(), right, (a, b) -> {
            calls.incrementAndGet();
            return a + b;
        });
        try (Watcher<String> watcher = view.watch()) {
            left.set("a");
            assertThat(watcher.poll()).isEmpty();
            right.set("1");
            watcher.next();
            left.set("a");
            assertThat(watcher.poll()).isEmpty();
            assertThat(calls).hasValue(1);
        }
    }

    /** Promise 4: the position is one of each input. */
    @Nested
    class APositionInAll {
        @Test
        void staysWhenTheCombinationIsRejected() throws Exception {
            left.set("a");
            right.set("1");
            try (Watcher<String> watcher = both.watch()) {
                assertThatThrownBy(() -> watcher.next("b1"::equals, Duration.ofMillis(5)))
                        .isInstanceOf(TimeoutException.class);
                assertThat(watcher.next()).isEqualTo("a1");
            }
        }

        @Test
        void staysWhenOnlyOneInputIsThere() throws Exception {
            left.set("a");
            try (Watcher<String> watcher = both.watch()) {
                assertThatThrownBy(() -> watcher.next(Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
                right.set("1");
                assertThat(watcher.next(BOUND)).isEqualTo("a1");
            }
        }

        @Test
        void staysWhenAnInputWasHiddenDuringACall() throws Exception {
            ValueReader<String> view = Values.combine(left.filter(state -> !state.isEmpty()), right, String::concat);
            left.set("a");
            right.set("1");
            try (Watcher<String> watcher = view.watch()) {
                watcher.next();
                left.set("");
                right.set("2");
                assertThatThrownBy(() -> watcher.next(Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
                left.set("b");
                assertThat(watcher.next(BOUND)).isEqualTo("b2");
            }
        }

        @Test
        void movesOnlyForADeliveryOfAll() throws Exception {
            left.set("a");
            right.set("1");
            try (Watcher<String> watcher = both.watch()) {
                watcher.next();
                left.set("b");
                Call<String> next = Call.of(() -> watcher.next("b2"::equals)).blocked();
                next.interrupt();
                next.failure();
                assertThat(watcher.next()).isEqualTo("b1");
                assertThat(watcher.poll()).isEmpty();
            }
        }
    }

    /** Promise 10: an input that failed shows nothing until its next good state. */
    @Nested
    class AFailure {
        private final ValueReader<Integer> number = left.map(Integer::parseInt);
        private final ValueReader<String> view = Values.combine(number, right, (n, text) -> n + text);

        @Test
        void ofAnInputIsThrownOnce() throws Exception {
            left.set("one");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                assertThat(watcher.poll()).isEmpty();
                left.set("1");
                assertThat(watcher.next()).isEqualTo("1a");
            }
        }

        @Test
        void hidesTheCombinationUntilThatInputIsGoodAgain() throws Exception {
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThat(watcher.next()).isEqualTo("1a");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                right.set("b");
                assertThat(watcher.poll()).isEmpty();
                left.set("2");
                assertThat(watcher.next()).isEqualTo("2b");
            }
        }

        @Test
        void losesNothingOfTheOtherInput() throws Exception {
            ValueReader<String> reversed = Values.combine(right, number, (text, n) -> text + n);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = reversed.watch()) {
                assertThat(watcher.next()).isEqualTo("a1");
                right.set("b");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                left.set("3");
                assertThat(watcher.next()).isEqualTo("b3");
            }
        }

        /** Then only the other input has news, and they are from before the failure. */
        @Test
        void losesNothingOfTheOtherInputEvenIfTheFailedOneIsBackAtTheSameState() throws Exception {
            ValueReader<String> reversed = Values.combine(right, number.distinct(), (text, n) -> text + n);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = reversed.watch()) {
                assertThat(watcher.next()).isEqualTo("a1");
                right.set("b");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                left.set("1");
                assertThat(watcher.poll()).hasValue("b1");
            }
        }

        @Test
        void ofTheFunctionConsumesThatCombination() throws Exception {
            ValueReader<Integer> quotient = Values.combine(number, right.map(Integer::parseInt), (a, b) -> a / b);
            left.set("6");
            right.set("0");
            try (Watcher<Integer> watcher = quotient.watch()) {
                assertThatThrownBy(watcher::next).isInstanceOf(ArithmeticException.class);
                assertThat(watcher.poll()).isEmpty();
                right.set("3");
                assertThat(watcher.next()).isEqualTo(2);
            }
        }

        @Test
        void toNullIsAFailureToo() throws Exception {
            ValueReader<String> nothing = Values.combine(left, right, (a, b) -> null);
            left.set("a");
            right.set("1");
            assertThatThrownBy(nothing::await)
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("the combining function returned null");
        }

        /** The input comes back to the very state it had before it failed, behind a view that skips repetitions. */
        @Test
        void isOverWhenADistinctInputIsBackAtTheSameState() throws Exception {
            ValueReader<String> view = Values.combine(number.distinct(), right, (n, text) -> n + text);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThat(watcher.next()).isEqualTo("1a");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                left.set("1");
                right.set("b");
                assertThat(watcher.poll()).hasValue("1b");
            }
        }

        @Test
        void ofAComparatorIsOverWithTheNextState() throws Exception {
            ValueReader<String> picky = left.distinct((last, now) -> Integer.parseInt(now) == Integer.parseInt(last));
            ValueReader<String> view = Values.combine(picky, right, String::concat);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThat(watcher.next()).isEqualTo("1a");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                left.set("1");
                right.set("b");
                assertThat(watcher.poll()).hasValue("1b");
            }
        }

        @Test
        void ofOneInputWhileAnotherIsHiddenForgetsNeither() throws Exception {
            ValueReader<String> shown = right.filter(state -> !state.isEmpty()).distinct();
            ValueReader<String> view = Values.combine(shown, number, (text, n) -> text + n);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThat(watcher.next()).isEqualTo("a1");
                right.set("");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                right.set("a");
                left.set("2");
                assertThat(watcher.poll()).hasValue("a2");
            }
        }

        @Test
        void ofAMapperBehindDistinctIsNotOverWhileTheStateIsTheSame() throws Exception {
            ValueReader<Integer> number = left.distinct().map(Integer::parseInt);
            ValueReader<String> view = Values.combine(number, right, (n, text) -> n + text);
            left.set("1");
            right.set("a");
            try (Watcher<String> watcher = view.watch()) {
                assertThat(watcher.next()).isEqualTo("1a");
                left.set("two");
                assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
                left.set("two");
                right.set("b");
                assertThat(watcher.poll()).isEmpty();
                left.set("1");
                assertThat(watcher.poll()).hasValue("1b");
            }
        }
    }
}
