package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Promise 8: what was written before a {@code set} is there after the {@code next} that returns that state. The data are
 * plain fields; the value carries only an index.
 */
class MemoryConsistencyTest {
    private static final int LAST = 100_000;

    private final int[] data = new int[LAST + 1];
    private final MemoryValue<Integer> value = new MemoryValue<>(0);

    private void written(int index) {
        assertThat(data[index]).isEqualTo(index);
    }

    private interface Take {
        int state() throws Exception;
    }

    private Call<Void> reader(Take take) {
        return Call.to(() -> {
            for (int state = 0; state < LAST; ) {
                state = take.state();
                written(state);
            }
        });
    }

    private void setAll(Give set) throws Exception {
        for (int i = 1; i <= LAST; i++) {
            data[i] = i;
            set.state(i);
        }
    }

    private interface Give {
        void state(int state) throws Exception;
    }

    @Test
    void fromSetToNextAndPollAndCurrent() throws Exception {
        try (Watcher<Integer> nexting = value.watch();
                Watcher<Integer> polling = value.watch()) {
            Call<Void> next = reader(() -> nexting.next(BOUND));
            Call<Void> poll = reader(() -> polling.poll().orElse(0));
            Call<Void> current = reader(() -> value.current().orElseThrow());
            setAll(value::set);
            next.result();
            poll.result();
            current.result();
        }
    }

    @Test
    void fromUpdateAndCompareAndSet() throws Exception {
        try (Watcher<Integer> watcher = value.watch()) {
            Call<Void> next = reader(() -> watcher.next(BOUND));
            setAll(i -> {
                if (i % 2 == 0) {
                    value.update(state -> i);
                } else {
                    assertThat(value.compareAndSet(i - 1, i)).isTrue();
                }
            });
            next.result();
        }
    }

    @Test
    void toAListenerAndAFuture() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        int[] heard = {0};
        int[] broken = {0};
        value.onChange(
                state -> {
                    if (data[state] != state) {
                        broken[0]++;
                    }
                    heard[0] = state; // plain: each call happens before the next
                },
                pool);
        try (Watcher<Integer> watcher = value.watch()) {
            Call<Void> future = reader(() -> watcher.nextAsync(pool).join());
            setAll(value::set);
            future.result();
        }
        eventually(
                "the listener has heard the last", () -> Call.of(() -> heard[0]).result() == LAST);
        assertThat(broken[0]).isZero();
        pool.shutdown();
    }

    /** And back: what a watcher did before it took the state is there once set returns. */
    @Test
    void throughARendezvousBothWays() throws Exception {
        RendezvousValue<Integer> rendezvous = new RendezvousValue<>();
        int[] before = {0};
        try (Watcher<Integer> watcher = rendezvous.watch()) {
            Call<Void> reader = Call.to(() -> {
                for (int i = 1; i <= LAST / 10; i++) {
                    before[0] = i;
                    written(watcher.next());
                }
            });
            for (int i = 1; i <= LAST / 10; i++) {
                data[i] = i;
                rendezvous.set(i);
                assertThat(before[0]).isGreaterThanOrEqualTo(i);
            }
            reader.result();
        }
    }
}
