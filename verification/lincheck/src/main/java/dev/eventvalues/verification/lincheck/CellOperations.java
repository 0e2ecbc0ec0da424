package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import java.util.List;

/** What one can do with a value without waiting. Each thread has a watcher of its own. */
@SuppressWarnings("unused") // called by reflection
public final class CellOperations {
    static final int WATCHERS = 3;
    static final int STEP = 10;

    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final List<Watcher<Integer>> watchers = List.of(value.watch(), value.watch(), value.watch());

    public void set(int state) {
        value.set(state);
    }

    public int current() {
        return value.current().orElse(0);
    }

    public boolean compareAndSet(int expected, int state) {
        return value.compareAndSet(expected, state);
    }

    public int update() {
        return value.update(state -> state + STEP);
    }

    /** What thread {@code watcher} has not seen, or 0. */
    public int poll(int watcher) {
        return watchers.get(watcher).poll().orElse(0);
    }

    /** The same, one call after another. */
    public static final class Sequential {
        private int state;
        private int version;
        private final int[] seen = new int[WATCHERS];

        public void set(int state) {
            this.state = state;
            version++;
        }

        public int current() {
            return state;
        }

        public boolean compareAndSet(int expected, int state) {
            if (version == 0 || this.state != expected) {
                return false;
            }
            set(state);
            return true;
        }

        public int update() {
            if (version == 0) {
                throw new IllegalStateException("not set");
            }
            set(state + STEP);
            return state;
        }

        public int poll(int watcher) {
            if (seen[watcher] == version) {
                return 0;
            }
            seen[watcher] = version;
            return state;
        }
    }
}
