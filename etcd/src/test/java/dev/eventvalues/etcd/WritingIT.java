package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.KeyValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer of one key does and is told, while etcd answers. For when it does not, see {@link UnansweredWriteIT}. */
class WritingIT extends ThreeMembers {
    private final EtcdKeys keys = own(client());
    private final WritableEtcdValue<String> value = keys.value("a", Codec.utf8());

    private KeyValue entry() {
        return cluster.entry(key("a")).orElseThrow();
    }

    @Nested
    class CompareAndSet {
        @Test
        void createsAKeyThatIsAbsentAndReturnsItsRevision() throws Exception {
            long revision = value.compareAndSet(0, "one").orElseThrow();
            assertThat(entry().modRevision()).isEqualTo(revision);
            assertThat(held()).containsEntry("a", "one");
        }

        @Test
        void doesNotCreateAKeyThatIsThereNotEvenAnEmptyOne() throws Exception {
            put("a", "");
            assertThat(value.compareAndSet(0, "two")).isEmpty();
            assertThat(held()).containsEntry("a", "");
        }

        @Test
        void replacesWhatNobodyHasWrittenSince() throws Exception {
            long first = value.set("one");
            long second = value.compareAndSet(first, "two").orElseThrow();
            assertThat(second).isGreaterThan(first);
            assertThat(entry().modRevision()).isEqualTo(second);
            assertThat(held()).containsEntry("a", "two");
        }

        @Test
        void leavesAloneWhatSomebodyHasWrittenSinceOrDeleted() throws Exception {
            long first = value.set("one");
            put("a", "theirs");
            assertThat(value.compareAndSet(first, "two")).isEmpty();
            assertThat(held()).containsEntry("a", "theirs");
            delete("a");
            assertThat(value.compareAndSet(first, "two")).isEmpty();
            assertThat(held()).isEmpty();
        }

        @Test
        void refusesANegativeRevision() {
            assertThatThrownBy(() -> value.compareAndSet(-1, "one"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1");
            assertThatThrownBy(() -> value.delete(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Delete {
        @Test
        void atARevisionDeletesOnlyWhatNobodyHasWrittenSince() throws Exception {
            long first = value.set("one");
            long second = value.set("two");
            assertThat(value.delete(first)).isFalse();
            assertThat(held()).containsEntry("a", "two");
            assertThat(value.delete(second)).isTrue();
            assertThat(held()).isEmpty();
            assertThat(value.delete(second)).isFalse();
            assertThat(value.delete(0)).isFalse();
        }
    }

    @Nested
    class Update {
        @Test
        void createsReplacesAndDeletes() throws Exception {
            assertThat(value.update(before -> Optional.of(before.orElse("nothing") + " more")))
                    .contains("nothing more");
            assertThat(held()).containsEntry("a", "nothing more");
            assertThat(value.update(before -> before.map(text -> text + " and more")))
                    .contains("nothing more and more");
            assertThat(held()).containsEntry("a", "nothing more and more");
            assertThat(value.update(before -> Optional.empty())).isEmpty();
            assertThat(held()).isEmpty();
        }

        @Test
        void thatLeavesAnAbsentKeyAbsentWritesNothing() throws Exception {
            long before = cluster.revision();
            assertThat(value.update(absent -> absent)).isEmpty();
            assertThat(cluster.revision()).isEqualTo(before);
        }

        @Test
        void startsFromEtcdNotFromWhatAWatcherKnows() throws Exception {
            for (int i = 0; i < 50; i++) {
                put("a", "" + i);
                assertThat(value.update(before -> before.map(text -> text + "!")))
                        .contains(i + "!");
            }
        }

        @Test
        void isRepeatedWithWhatSomebodyElseHasWrittenMeanwhile() throws Exception {
            put("a", "one");
            List<Optional<String>> seen = new ArrayList<>();
            Optional<String> after = value.update(before -> {
                seen.add(before);
                if (seen.size() == 1) {
                    put("a", "theirs");
                } else if (seen.size() == 2) {
                    delete("a");
                }
                return Optional.of("mine");
            });
            assertThat(after).contains("mine");
            assertThat(seen).containsExactly(Optional.of("one"), Optional.of("theirs"), Optional.empty());
            assertThat(held()).containsEntry("a", "mine");
        }

        @Test
        void runsTheChangeOnTheCallingThread() throws Exception {
            List<Thread> threads = new ArrayList<>();
            value.update(before -> {
                threads.add(Thread.currentThread());
                return Optional.of("one");
            });
            assertThat(threads).containsExactly(Thread.currentThread());
        }

        @Test
        void thatThrowsOrReturnsNullWritesNothing() {
            put("a", "one");
            IllegalStateException mine = new IllegalStateException("no");
            assertThat(catchThrowable(() -> value.update(before -> {
                        throw mine;
                    })))
                    .isSameAs(mine);
            assertThatThrownBy(() -> value.update(before -> null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("change");
            assertThatThrownBy(() -> value.update(null)).isInstanceOf(NullPointerException.class);
            assertThat(held()).containsEntry("a", "one");
        }

        @Test
        void ofWhatCannotBeDecodedWritesNothing() {
            cluster.put(key("a").getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff});
            assertThatThrownBy(() -> value.update(before -> Optional.of("one"))).isInstanceOf(DecodeException.class);
            assertThat(entry().value()).containsExactly(0xff);
        }

        @Test
        void ofAnInterruptedThreadWritesNothing() {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> value.update(before -> Optional.of("one")))
                    .isInstanceOf(InterruptedException.class);
            assertThat(held()).isEmpty();
            assertThatThrownBy(() -> value.update(before -> {
                        Thread.currentThread().interrupt();
                        return Optional.of("one");
                    }))
                    .isInstanceOf(InterruptedException.class);
            assertThat(held()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"1, 1000", "3, 200"})
        @Timeout(value = 5, unit = TimeUnit.MINUTES) // on a busy machine
        void losesNoIncrementOfManyThreads(int connections, int increments) throws Exception {
            int threads = 8;
            // of one member, which answers soonest
            EtcdCluster single = closedAfterwards(EtcdCluster.start(1));
            List<WritableEtcdValue<String>> counters = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                counters.add(
                        client(settings().endpoints(single.directEndpoints().get(0)))
                                .value("a", Codec.utf8()));
            }
            ExecutorService executor = Executors.newFixedThreadPool(threads);
            try {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    WritableEtcdValue<String> counter = counters.get(i % connections);
                    all.add(CompletableFuture.runAsync(() -> increment(counter, increments), executor));
                }
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(5, TimeUnit.MINUTES);
            } finally {
                executor.shutdownNow();
            }
            KeyValue counted = single.entry("a").orElseThrow();
            assertThat(counted.valueText()).isEqualTo("" + threads * increments);
            assertThat(counted.version()).isEqualTo((long) threads * increments);
        }

        private void increment(WritableEtcdValue<String> counter, int times) {
            try {
                for (int i = 0; i < times; i++) {
                    counter.update(before -> Optional.of("" + (Integer.parseInt(before.orElse("0")) + 1)));
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class SetAsync {
        @Test
        void encodesOnTheCallingThreadAndCompletesOnTheExecutor() throws Exception {
            List<Thread> encoding = new ArrayList<>();
            WritableEtcdValue<String> traced = keys.value("a", new Codec<String>() {
                @Override
                public String decode(Key key, byte[] bytes) {
                    return new String(bytes, StandardCharsets.UTF_8);
                }

                @Override
                public byte[] encode(String text) {
                    encoding.add(Thread.currentThread());
                    return text.getBytes(StandardCharsets.UTF_8);
                }
            });
            ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
            try {
                CompletableFuture<String> thread = traced.setAsync("one", executor)
                        .thenApply(revision -> {
                            assertThat(revision).isEqualTo(entry().modRevision());
                            return Thread.currentThread().getName();
                        });
                assertThat(thread.get(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isIn("mine", "main");
                assertThat(encoding).containsExactly(Thread.currentThread());
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void completesOnlyWhenTheExecutorRunsIt() throws Exception {
            List<Runnable> tasks = new CopyOnWriteArrayList<>();
            CompletableFuture<Long> future = value.setAsync("one", tasks::add);
            eventually("the completion is handed over", () -> !tasks.isEmpty());
            assertThat(future).isNotDone();
            tasks.get(0).run();
            assertThat(future).isCompletedWithValue(entry().modRevision());
        }

        @Test
        void failsWithWhatSetThrows() {
            CompletableFuture<Long> future =
                    keys.value("a", Codec.bytes()).setAsync(new byte[1_600_000], Runnable::run);
            ExecutionException failure = catchThrowableOfType(
                    ExecutionException.class, () -> future.get(BOUND.toNanos(), TimeUnit.NANOSECONDS));
            assertThat(failure).cause().isInstanceOf(ValueTooLargeException.class);
            assertThat(catchThrowable(() -> future.getNow(null)))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(ValueTooLargeException.class);
        }

        @Test
        void doesNotEndWithItsFuture() {
            assertThat(value.setAsync("one", Runnable::run).cancel(true)).isTrue();
            eventually("it is written all the same", () -> held().containsKey("a"));
        }

        @Test
        void isToldToBeMaybeWrittenIfTheExecutorRefuses() {
            RejectedExecutionException full = new RejectedExecutionException("full");
            Executor refusing = task -> {
                throw full;
            };
            AtomicInteger told = new AtomicInteger();
            CompletableFuture<Long> future = value.setAsync("one", refusing);
            CompletableFuture<Long> unused = future.whenComplete((revision, failure) -> {
                assertThat(Thread.currentThread().getName()).doesNotContain("event-values-etcd");
                told.incrementAndGet();
            });
            assertThatThrownBy(() -> future.get(BOUND.toNanos(), TimeUnit.NANOSECONDS))
                    .cause()
                    .isInstanceOf(MaybeWrittenException.class)
                    .hasCause(full);
            eventually("dependents are told elsewhere", () -> told.get() == 1);
            assertThat(held()).containsEntry("a", "one");
        }

        @Test
        void refusesNull() {
            assertThatThrownBy(() -> value.setAsync(null, Runnable::run)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> value.setAsync("one", null)).isInstanceOf(NullPointerException.class);
            assertThat(held()).isEmpty();
        }
    }

    @Nested
    class ValuesThatAreTooLarge {
        @ParameterizedTest
        @ValueSource(ints = {1_600_000, 2_200_000, 20_000_000})
        void areRefusedAtOnceWithTheKeyAndTheLength(int length) throws Exception {
            WritableEtcdValue<byte[]> bytes = keys.value("a", Codec.bytes());
            bytes.set(new byte[1_000_000]);
            for (Throwable refusal : List.of(
                    catchThrowable(() -> bytes.set(new byte[length])),
                    catchThrowable(() -> bytes.compareAndSet(entry().modRevision(), new byte[length])),
                    catchThrowable(() -> bytes.update(before -> Optional.of(new byte[length]))))) {
                assertThat(refusal)
                        .isInstanceOf(ValueTooLargeException.class)
                        .hasMessageContaining("\"a\"")
                        .hasMessageContaining("" + length);
                assertThat(((ValueTooLargeException) refusal).key()).isEqualTo(Key.of("a"));
                assertThat(((ValueTooLargeException) refusal).length()).isEqualTo(length);
            }
            long start = System.nanoTime();
            assertThatThrownBy(() -> bytes.set(new byte[length])).isInstanceOf(ValueTooLargeException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
            assertThat(entry().value()).hasSize(1_000_000);
        }
    }

    @Test
    void aReadThatFailsBeforeAnUpdateSaysThatNothingWasWritten() throws Exception {
        EtcdValues values = client(settings().requestTimeout(Duration.ofMillis(300)));
        WritableEtcdValue<String> there = own(values).value("a", Codec.utf8());
        put("a", "one");
        cluster.blackHoleClients();
        assertThatThrownBy(() -> there.update(before -> Optional.of("two")))
                .isInstanceOf(EtcdException.class)
                .isNotInstanceOf(MaybeWrittenException.class)
                .hasMessageContaining("nothing was written");
        cluster.healClients();
        assertThat(held()).containsEntry("a", "one");
    }
}
