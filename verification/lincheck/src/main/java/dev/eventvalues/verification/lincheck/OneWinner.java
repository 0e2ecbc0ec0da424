package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Two threads share one watcher, which they must not: one of them is refused while the other is at it, the other goes on, and
 * no state is told to both. The last state is set only after one was refused: if both were let in, they would wait for ever.
 */
@SuppressWarnings("unused") // called by reflection
public final class OneWinner {
    public void run(String setter, String caller1, String caller2) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        AtomicInteger setting = new AtomicInteger(2); // the setter, and whoever is refused
        Shared shared = new Shared(value.watch());
        Role.play(
                new Caller(shared, caller1, 0, new Setter(value, 2, "", setting)),
                new Caller(shared, caller2, 1, new Setter(value, 2, "", setting)),
                new Setter(value, 1, setter, setting));
        Role.check(shared.refused.get() == 1, "not just one was refused");
        Role.check(shared.ends.get() == 1, "the last state was not told just once");
    }

    /** The watcher, and what its callers were told. */
    private static final class Shared {
        private final Watcher<Integer> watcher;

        /** How many calls each of the two has begun and ended: odd while one may be running. */
        private final AtomicIntegerArray calling = new AtomicIntegerArray(2);

        private final AtomicIntegerArray told = new AtomicIntegerArray(300);
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();

        Shared(Watcher<Integer> watcher) {
            this.watcher = watcher;
        }

        void add(int state) {
            if (state == States.END) {
                ends.incrementAndGet();
            } else {
                Role.check(told.incrementAndGet(state) == 1, "a state was told to both");
            }
        }
    }

    private static final class Caller extends Role {
        private final Shared shared;
        private final String script;
        private final int number;
        private final Setter whenRefused;

        Caller(Shared shared, String script, int number, Setter whenRefused) {
            this.shared = shared;
            this.script = script;
            this.number = number;
            this.whenRefused = whenRefused;
        }

        /** Goes on until told the last state, or refused. */
        @Override
        void act() throws InterruptedException {
            int state = 0;
            for (int calls = 0; state != States.END; calls++) {
                int other = shared.calling.get(1 - number);
                shared.calling.incrementAndGet(number);
                try {
                    boolean waits = calls >= script.length() || script.charAt(calls) == 'n';
                    state = waits
                            ? shared.watcher.next()
                            : shared.watcher.poll().orElse(0);
                } catch (IllegalStateException refused) {
                    check(
                            other % 2 == 1 || shared.calling.get(1 - number) != other,
                            "refused while no other call was running");
                    shared.refused.incrementAndGet();
                    whenRefused.act();
                    return;
                } finally {
                    shared.calling.incrementAndGet(number);
                }
                if (state != 0) {
                    shared.add(state);
                }
            }
        }
    }
}
