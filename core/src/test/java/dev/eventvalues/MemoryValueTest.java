package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@link MemoryValue}: the common promises, and promises 2 and 3. */
class MemoryValueTest extends ValueContract {
    private final MemoryValue<String> value = new MemoryValue<>();

    @Override
    protected ValueReader<String> reader() {
        return value;
    }

    @Override
    protected void set(String state) {
        value.set(state);
    }

    /** Promise 2: each set is told, also with an equal value; null is refused. */
    @Nested
    class EverySetNotifies {
        @Test
        void alsoWithAnEqualValue() throws Exception {
            try (Watcher<String> watcher = value.watch()) {
                value.set("a");
                assertThat(watcher.next()).isEqualTo("a");
                value.set("a");
                assertThat(watcher.next()).isEqualTo("a");
            }
        }

        @Test
        void alsoWithTheSameObject() throws Exception {
            String state = "the one";
            try (Watcher<String> watcher = value.watch()) {
                value.set(state);
                watcher.next();
                Call<String> next = Call.of(watcher::next).blocked();
                value.set(state);
                assertThat(next.result()).isSameAs(state);
            }
        }

        @Test
        void soDoUpdateAndCompareAndSet() throws Exception {
            value.set("a");
            try (Watcher<String> watcher = value.watch()) {
                watcher.next();
                Call<String> updated = Call.of(watcher::next).blocked();
                value.update(state -> state);
                assertThat(updated.result()).isEqualTo("a");
                Call<String> replaced = Call.of(watcher::next).blocked();
                value.compareAndSet("a", "a");
                assertThat(replaced.result()).isEqualTo("a");
            }
        }

        @Test
        void aRefusedNullChangesNothing() throws Exception {
            value.set("a");
            try (Watcher<String> watcher = value.watch()) {
                watcher.next();
                assertThatThrownBy(() -> value.set(null)).isInstanceOf(NullPointerException.class);
                assertThatThrownBy(() -> value.update(state -> null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("the change returned null");
                assertThat(watcher.poll()).isEmpty();
                assertThat(value.current()).hasValue("a");
            }
        }
    }

    /** Promise 3: set never waits for a consumer. */
    @Nested
    class SetNeverWaits {
        /** A flaw of the original: an abandoned watcher stopped the producer, and the locks it held everybody else. */
        @Test
        void forAWatcherThatIsNeverAsked() {
            try (Watcher<String> idle = value.watch()) {
                for (int i = 0; i < 1_000; i++) {
                    value.set("state " + i);
                }
                assertThat(idle.poll()).hasValue("state 999");
            }
        }

        @Test
        void forAConditionThatTakesLong() throws Exception {
            CountDownLatch testing = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            value.set("a");
            try (Watcher<String> watcher = value.watch()) {
                Call<String> slow = Call.of(() -> watcher.next(state -> {
                    testing.countDown();
                    return awaited(goOn);
                }));
                assertThat(testing.await(20, TimeUnit.SECONDS)).isTrue();
                value.set("b");
                value.set("c");
                assertThat(value.watch().next()).isEqualTo("c");
                goOn.countDown();
                assertThat(slow.result()).isEqualTo("a");
                assertThat(watcher.next()).isEqualTo("c");
            }
        }

        /**
         * A flaw of the original: set told each watcher, under the lock that watch needs. The bound is coarse: a walk
         * over the watchers would cost a thousand times more, not ten times.
         */
        @Test
        void andCostsTheSameWithAHundredThousandIdleWatchers() throws Exception {
            MemoryValue<String> crowded = new MemoryValue<>("a");
            List<Watcher<String>> idle = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                Watcher<String> one = crowded.watch();
                one.next();
                idle.add(one);
            }
            long alone = Long.MAX_VALUE;
            long inCompany = Long.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                alone = Math.min(alone, nanosOfSets(value));
                inCompany = Math.min(inCompany, nanosOfSets(crowded));
            }
            assertThat(inCompany).isLessThan(10 * alone);
            idle.forEach(Watcher::close);
        }

        private long nanosOfSets(MemoryValue<String> target) {
            long start = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                target.set("b");
            }
            return System.nanoTime() - start;
        }
    }

    @Nested
    class Update {
        @Test
        void replacesTheStateByWhatTheFunctionMakesOfIt() {
            value.set("a");
            assertThat(value.update(state -> state + "b")).isEqualTo("ab");
            assertThat(value.current()).hasValue("ab");
        }

        @Test
        void losesNothingWhenTwoThreadsUpdateAtOnce() {
            MemoryValue<Integer> counter = new MemoryValue<>(0);
            List<Call<Void>> calls = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                calls.add(Call.to(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        counter.update(count -> count + 1);
                    }
                }));
            }
            calls.forEach(Call::result);
            assertThat(counter.current()).hasValue(40_000);
        }

        @Test
        void isRepeatedWithWhatAnotherHasSetMeanwhile() {
            MemoryValue<Integer> value = new MemoryValue<>(1);
            int result = value.update(state -> {
                if (state == 1) {
                    value.set(10);
                }
                return state + 1;
            });
            assertThat(result).isEqualTo(11);
            assertThat(value.current()).contains(11);
        }

        @Test
        void ofAnUnsetValueIsRefused() {
            assertThatThrownBy(() -> value.update(state -> state))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not set");
        }

        @Test
        void thatThrowsChangesNothing() {
            value.set("a");
            assertThatThrownBy(() -> value.update(state -> {
                        throw new IllegalArgumentException("broken");
                    }))
                    .hasMessage("broken");
            assertThat(value.current()).hasValue("a");
        }
    }

    @Nested
    class CompareAndSet {
        @Test
        void replacesAStateThatEqualsTheExpectedOne() {
            value.set(String.valueOf(new char[] {'a'}));
            assertThat(value.compareAndSet("a", "b")).isTrue();
            assertThat(value.current()).hasValue("b");
        }

        @Test
        void leavesAStateThatDiffers() {
            value.set("x");
            try (Watcher<String> watcher = value.watch()) {
                watcher.poll();
                assertThat(value.compareAndSet("a", "b")).isFalse();
                assertThat(watcher.poll()).isEmpty();
            }
        }

        @Test
        void leavesAnUnsetValueUnset() {
            assertThat(value.compareAndSet("a", "b")).isFalse();
            assertThat(value.current()).isEmpty();
        }

        @Test
        void isWonByOnlyOneOfThoseWhoExpectTheSame() {
            MemoryValue<Integer> counter = new MemoryValue<>(0);
            List<Call<Void>> calls = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                calls.add(Call.to(() -> {
                    for (int wins = 0; wins < 20_000; ) {
                        int count = counter.current().orElseThrow();
                        if (counter.compareAndSet(count, count + 1)) {
                            wins++;
                        }
                    }
                }));
            }
            calls.forEach(Call::result);
            assertThat(counter.current()).hasValue(40_000);
        }
    }

    /** A reader that loses a race with a set reads the state of that set, not nothing. */
    @Nested
    class WhileAnotherThreadSets {
        private final Call<Void> setter = Call.to(() -> {
            for (int i = 0; i < 3_000_000; i++) {
                value.set("b");
            }
        });

        @Test
        void currentIsNeverEmpty() {
            value.set("a");
            while (!setter.isDone()) {
                assertThat(value.current().isPresent()).isTrue();
            }
        }

        @Test
        void pollOfAFreshWatcherIsNeverEmpty() {
            value.set("a");
            while (!setter.isDone()) {
                assertThat(value.watch().poll().isPresent()).isTrue();
            }
        }
    }

    @Test
    void anInitialStateIsCurrentAtOnce() throws Exception {
        assertThat(new MemoryValue<>("a").await()).isEqualTo("a");
    }

    /** A state may be a secret. */
    @Test
    void itsTextNeverShowsTheState() {
        assertThat(value).hasToString("MemoryValue[unset]");
        value.set("hunter2");
        assertThat(value).hasToString("MemoryValue[set]");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
