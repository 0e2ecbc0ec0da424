package dev.eventvalues.benchmarks;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * What the heap keeps of watchers that gave up, on a value that is never set.
 *
 * <p>Half of the rounds have a waiter that stays, so that those that give up are not always the last to have come.
 */
final class TimedOut implements Harness<Contender> {
    private static final Duration SHORT = Duration.ofNanos(1_000);

    @Override
    public List<Contender> entrants() {
        return List.of(Contender.EVENT_VALUES);
    }

    @Override
    public List<Figure> measure(Contender contender, Scale scale) throws InterruptedException {
        MemoryValue<Object> value = new MemoryValue<>();
        try {
            double kept = keptBy(value, scale);
            return List.of(Figure.of("timed-out", scale.timeouts, contender, "kept", "B", kept));
        } finally {
            Reference.reachabilityFence(value);
        }
    }

    private static double keptBy(MemoryValue<Object> value, Scale scale) throws InterruptedException {
        int half = scale.timeouts / 2;
        Heap.used(); // the first look leaves things of its own
        for (int i = 0; i < half / 5; i++) {
            round(value); // what is compiled and loaded is not kept by the value
        }
        long before = Heap.used();
        for (int i = 0; i < half; i++) {
            round(value);
        }
        try (Watcher<Object> other = value.watch()) {
            CompletableFuture<Object> stays = other.nextAsync(Runnable::run);
            for (int i = 0; i < half; i++) {
                round(value);
            }
            stays.cancel(false);
        }
        return Heap.used() - before;
    }

    private static void round(MemoryValue<Object> value) throws InterruptedException {
        try (Watcher<Object> watcher = value.watch()) {
            watcher.next(SHORT);
            throw new AssertionError("nothing was set");
        } catch (TimeoutException expected) {
            // as it should
        }
    }
}
