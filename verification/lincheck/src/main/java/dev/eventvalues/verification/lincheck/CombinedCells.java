package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Values;
import dev.eventvalues.Watcher;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A thread that waits for two values at once, each with its setter: the last state of both is told, and each in order. */
@SuppressWarnings("unused") // called by reflection
public final class CombinedCells {
    public void run(String setter1, String setter2, String watcher) throws InterruptedException {
        MemoryValue<Integer> left = new MemoryValue<>();
        MemoryValue<Integer> right = new MemoryValue<>();
        Role.play(
                new Both(Values.combine(left, right, new Pairing()).watch(), watcher),
                new Setter(left, 1, setter1, new AtomicInteger(1)),
                new Setter(right, 2, setter2, new AtomicInteger(1)));
    }

    private record Pair(int left, int right) {}

    private static final class Pairing implements BiFunction<Integer, Integer, Pair> {
        @Override
        public Pair apply(Integer left, Integer right) {
            return new Pair(left, right);
        }
    }

    private static final class Both extends Role {
        private final Watcher<Pair> watcher;
        private final String script;

        /** Written by the thread. */
        private int left;

        private int right;

        Both(Watcher<Pair> watcher, String script) {
            this.watcher = watcher;
            this.script = script;
        }

        @Override
        void act() throws Exception {
            for (int i = 0; i < script.length() && !hasEnded(); i++) {
                told(take(script.charAt(i)));
            }
            while (!hasEnded()) {
                told(watcher.next());
            }
        }

        private boolean hasEnded() {
            return left == States.END && right == States.END;
        }

        private @Nullable Pair take(char call) throws InterruptedException {
            try {
                return switch (call) {
                    case 'n' -> watcher.next();
                    case 't' -> watcher.next(Clock.soon());
                    default -> watcher.poll().orElse(null);
                };
            } catch (TimeoutException nothingYet) {
                return null;
            }
        }

        private void told(@Nullable Pair pair) {
            if (pair == null) {
                return;
            }
            check(pair.left() >= left && pair.right() >= right, "an older state after a newer one");
            check(pair.left() > left || pair.right() > right, "a combination twice");
            left = pair.left();
            right = pair.right();
        }
    }
}
