package dev.eventvalues.internal;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.MemoryValue;
import dev.eventvalues.Registration;
import dev.eventvalues.Values;
import dev.eventvalues.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Promise 1 under stress, no wake-up is lost: two threads hand a number back and forth, so that one lost wake-up stops both, and the test says
 * which call hangs.
 */
class HandoffStressTest {
    private static final int HAND_OFFS = 100_000;
    private static final int FEWER = 30_000;

    private final MemoryValue<Integer> there = new MemoryValue<>();
    private final MemoryValue<Integer> back = new MemoryValue<>();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private interface Take {
        int from(Watcher<Integer> watcher) throws Exception;
    }

    private void pingPong(int handOffs, Take take) {
        pingPong(handOffs, there.watch(), back.watch(), take);
    }

    private void pingPong(int handOffs, Watcher<Integer> thereWatcher, Watcher<Integer> backWatcher, Take take) {
        Call<Void> answering = Call.to(() -> {
            for (int i = 1; i <= handOffs / 2; i++) {
                assertThat(take.from(thereWatcher)).isEqualTo(i);
                back.set(i);
            }
        });
        Call<Void> asking = Call.to(() -> {
            for (int i = 1; i <= handOffs / 2; i++) {
                there.set(i);
                assertThat(take.from(backWatcher)).isEqualTo(i);
            }
        });
        asking.result();
        answering.result();
    }

    @Test
    void withNext() {
        pingPong(HAND_OFFS, Watcher::next);
    }

    @Test
    void withATimedNext() {
        pingPong(HAND_OFFS, watcher -> watcher.next(BOUND));
    }

    /** The wake-up races the call that gives up. */
    @Test
    void withTimeoutsThatRaceTheWakeUp() {
        Random random = new Random(1);
        pingPong(FEWER, watcher -> {
            while (true) {
                try {
                    return watcher.next(Duration.ofNanos(random.nextInt(20_000)));
                } catch (TimeoutException e) {
                    Thread.onSpinWait();
                }
            }
        });
    }

    @Test
    void withACondition() {
        pingPong(FEWER, watcher -> watcher.next(state -> true));
    }

    @Test
    void withAFutureOnAnExecutor() {
        pingPong(HAND_OFFS, watcher -> watcher.nextAsync(executor).join());
    }

    @Test
    void withAFutureOnTheSettersThread() {
        pingPong(FEWER, watcher -> watcher.nextAsync(Runnable::run).join());
    }

    @Test
    void throughViews() {
        pingPong(
                FEWER,
                there.map(state -> state).distinct().watch(),
                Values.combine(back, new MemoryValue<>(0), Integer::sum)
                        .filter(state -> true)
                        .watch(),
                Watcher::next);
    }

    @Test
    void betweenListeners() {
        AtomicInteger last = new AtomicInteger();
        Registration answering = there.onChange(back::set, executor);
        Registration asking = back.onChange(
                state -> {
                    last.set(state);
                    there.set(state + 1);
                },
                executor);
        there.set(1);
        eventually("the last hand-off", () -> last.get() >= HAND_OFFS / 2);
        answering.close();
        asking.close();
    }

    /** Many who set, many who wait for good, and many who give up and so make the list be swept. */
    @Test
    void manySettersAndManyWaitersWhileOthersGiveUp() {
        MemoryValue<Integer> value = new MemoryValue<>(0);
        int sets = 200_000;
        List<Call<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Watcher<Integer> watcher = value.watch();
            waiters.add(Call.to(() -> {
                for (int last = -1; last < 2 * sets; ) {
                    int state = watcher.next();
                    assertThat(state).isGreaterThan(last);
                    last = state;
                }
            }));
        }
        for (int i = 0; i < 4; i++) {
            Random random = new Random(i);
            Watcher<Integer> watcher = value.watch();
            waiters.add(Call.to(() -> {
                for (int last = -1; last < 2 * sets; ) {
                    try {
                        last = watcher.next(Duration.ofNanos(random.nextInt(10_000)));
                    } catch (TimeoutException e) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        List<Call<Void>> setters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            setters.add(Call.to(() -> {
                for (int n = 0; n < sets; n++) {
                    value.update(state -> state + 1);
                }
            }));
        }
        setters.forEach(Call::result);
        waiters.forEach(Call::result);
    }
}
