package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Promise 12 for any tree of views: after whatever sets, rejections and failures, a watcher that is asked until it has
 * nothing more has delivered the newest state. Random small programs are compared with what {@code current} computes.
 */
class ViewsModelTest {
    private static final int PROGRAMS = 20_000;

    @Test
    void aWatcherOfAnyViewEndsAtTheNewestState() throws Exception {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            new Program(seed).run();
        }
    }

    /** One tree of views over three values of few states, and some things that happen to it. */
    private static final class Program {
        private final Random random;
        private final List<MemoryValue<Integer>> values =
                List.of(new MemoryValue<>(), new MemoryValue<>(), new MemoryValue<>());
        private final StringBuilder text = new StringBuilder();

        /** What the watcher delivered last. */
        private Optional<Integer> delivered = Optional.empty();

        Program(int seed) {
            this.random = new Random(seed);
            text.append("program ").append(seed).append(": ");
        }

        void run() throws Exception {
            ValueReader<Integer> view = view(3);
            try (Watcher<Integer> watcher = view.watch()) {
                for (int step = 0; step < 12; step++) {
                    step(watcher);
                }
                settle(watcher);
                Optional<Integer> newest;
                try {
                    newest = view.current();
                } catch (RuntimeException failed) {
                    return; // it was told, and there is no state to end at
                }
                if (newest.isPresent()) {
                    assertThat(delivered).as(text.toString()).isEqualTo(newest);
                }
            }
        }

        private ValueReader<Integer> view(int depth) {
            return switch (depth == 0 ? 0 : random.nextInt(6)) {
                case 1 -> of("map", depth).map(Program::mayFail);
                case 2 -> of("filter", depth).filter(state -> state % 3 != 0);
                case 3 -> of("distinct", depth).distinct();
                case 4, 5 -> Values.combine(of("combine", depth), of("with", depth), (a, b) -> mayFail(a + 2 * b));
                default -> {
                    int i = random.nextInt(values.size());
                    text.append("value ").append(i);
                    yield values.get(i);
                }
            };
        }

        private ValueReader<Integer> of(String name, int depth) {
            text.append(name).append("(");
            ValueReader<Integer> inner = view(depth - 1);
            text.append(") ");
            return inner;
        }

        private static int mayFail(int state) {
            if (state % 5 == 4) {
                throw new IllegalArgumentException("broken by " + state);
            }
            return state;
        }

        private void step(Watcher<Integer> watcher) throws Exception {
            int kind = random.nextInt(6);
            if (kind == 0) {
                text.append("; poll");
                poll(watcher);
            } else if (kind == 1) {
                text.append("; reject");
                try {
                    watcher.next(state -> false, Duration.ZERO);
                } catch (TimeoutException | IllegalArgumentException e) {
                    text.append(" ").append(e.getMessage());
                }
            } else {
                int i = random.nextInt(values.size());
                int state = random.nextInt(4) + 1;
                text.append("; set ").append(i).append(" to ").append(state);
                values.get(i).set(state);
            }
        }

        private void settle(Watcher<Integer> watcher) {
            while (poll(watcher)) {
                text.append(" and again");
            }
        }

        private boolean poll(Watcher<Integer> watcher) {
            try {
                Optional<Integer> state = watcher.poll();
                state.ifPresent(newest -> delivered = state);
                return state.isPresent();
            } catch (IllegalArgumentException told) {
                return true;
            }
        }
    }
}
