package dev.eventvalues;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Promise 7: watchers that are closed, dropped or idle leave nothing behind and slow nobody. What remains in the wait
 * list is counted in {@code dev.eventvalues.internal.WaitListTest}.
 */
class LeaksTest {
    private final MemoryValue<Object> value = new MemoryValue<>();

    /** Flaws of the original: a thread for each watcher, and a list in which closed ones stayed. */
    @Test
    void tenThousandRoundsOfWatchAndCloseLeaveNoThreadAndNoWatcher() {
        int threads = Thread.activeCount();
        List<WeakReference<Watcher<Object>>> closed = new ArrayList<>();
        value.set("a");
        for (int i = 0; i < 10_000; i++) {
            Watcher<Object> watcher = value.watch();
            watcher.poll();
            watcher.close();
            closed.add(new WeakReference<>(watcher));
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        eventuallyCollected("the closed watchers are collected", closed);
    }

    @Test
    void aMillionRoundsOfWatchAndTimedOutNextLeaveTheHeapFlat() throws Exception {
        rounds(100_000);
        long before = usedHeap();
        rounds(1_000_000);
        assertThat(usedHeap() - before).as("bytes more").isLessThan(4_000_000);
    }

    private void rounds(int count) throws InterruptedException {
        int timeouts = 0;
        for (int i = 0; i < count; i++) {
            try (Watcher<Object> watcher = value.watch()) {
                watcher.next(Duration.ofNanos(1));
            } catch (TimeoutException e) {
                timeouts++;
            }
        }
        assertThat(timeouts).isEqualTo(count);
    }

    @Test
    void roundsOfCancelledFuturesAndRemovedListenersLeaveTheHeapFlat() {
        asyncRounds(20_000);
        long before = usedHeap();
        asyncRounds(200_000);
        assertThat(usedHeap() - before).as("bytes more").isLessThan(4_000_000);
    }

    private void asyncRounds(int count) {
        for (int i = 0; i < count; i++) {
            try (Watcher<Object> watcher = value.watch()) {
                assertThat(watcher.nextAsync(Runnable::run).cancel(true)).isTrue();
            }
            value.onChange(state -> {}, Runnable::run).close();
            Subscriber<Object> subscriber = new Subscriber<>();
            value.publisher(Runnable::run).subscribe(subscriber);
            subscriber.request(1);
            subscriber.cancel();
        }
    }

    @Test
    void droppedWatchersAreCollectedAlthoughNobodyClosedThem() {
        value.set("a");
        List<WeakReference<Watcher<Object>>> dropped = new ArrayList<>();
        for (Function<ValueReader<Object>, ValueReader<Object>> view : views()) {
            Watcher<Object> watcher = view.apply(value).watch();
            watcher.poll();
            assertThatThrownBy(() -> watcher.next(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
            dropped.add(new WeakReference<>(watcher));
        }
        eventuallyCollected("the dropped watchers are collected", dropped);
        value.set("b");
        assertThat(value.current()).hasValue("b");
    }

    @Test
    void theValueIsCollectedWithItsListeners() {
        MemoryValue<Object> temporary = new MemoryValue<>("a");
        temporary.onChange(state -> {}, Runnable::run);
        CompletableFuture<Object> pending =
                temporary.filter(state -> false).watch().nextAsync(Runnable::run);
        WeakReference<Object> gone = new WeakReference<>(temporary);
        temporary = null;
        pending = null;
        eventuallyCollected("the value is collected", List.of(gone));
        assertThat(temporary).isNull();
        assertThat(pending).isNull();
    }

    /** An idle watcher remembers where it was, not what was there. */
    @Test
    void oldStatesAreCollectedAlthoughWatchersThatSawThemAreIdle() throws Exception {
        List<Watcher<Object>> idle = new ArrayList<>();
        List<WeakReference<Object>> old = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Object state = new Object();
            old.add(new WeakReference<>(state));
            value.set(state);
            Watcher<Object> direct = value.watch();
            Watcher<Object> view = value.map(seen -> "a state")
                    .filter(seen -> true)
                    .map(seen -> (Object) seen)
                    .watch();
            assertThat(direct.next()).isSameAs(state);
            assertThat(view.next()).isEqualTo("a state");
            idle.add(direct);
            idle.add(view);
        }
        value.set("the newest");
        eventuallyCollected("the old states are collected", old);
        for (Watcher<Object> watcher : idle) {
            assertThat(watcher.poll()).isPresent();
            watcher.close();
        }
    }

    @Test
    void aLongWaitKeepsNoOldState() {
        List<WeakReference<Object>> old = new ArrayList<>();
        Watcher<Object> watcher = value.watch();
        Call<Object> waiting = Call.of(() -> watcher.next("the last"::equals)).blocked();
        List<Object> heard = new ArrayList<>();
        value.onChange(state -> heard.add(state.hashCode()), Runnable::run);
        for (int i = 0; i < 100; i++) {
            Object state = new Object();
            old.add(new WeakReference<>(state));
            value.set(state);
        }
        value.set("the newest");
        eventuallyCollected("the old states are collected", old);
        value.set("the last");
        assertThat(waiting.result()).isEqualTo("the last");
        assertThat(heard).hasSize(102);
        watcher.close();
    }

    private static List<Function<ValueReader<Object>, ValueReader<Object>>> views() {
        return List.of(
                reader -> reader,
                reader -> reader.map(state -> state),
                reader -> reader.filter(state -> true),
                ValueReader::distinct,
                reader -> Values.combine(reader, reader, (a, b) -> b));
    }

    private static void eventuallyCollected(String what, List<? extends WeakReference<?>> references) {
        eventually(what, () -> {
            System.gc();
            return references.stream().allMatch(reference -> reference.get() == null);
        });
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
