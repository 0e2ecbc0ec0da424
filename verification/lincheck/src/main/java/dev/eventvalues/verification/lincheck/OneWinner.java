package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Two threads share one watcher, which they must not: a call that finds another one running is refused at once, the other
 * goes on, and no state is told to both.
 */
@SuppressWarnings("unused") // called by reflection
public final class OneWinner {
    public void run(String setter1, String setter2, String caller1, String caller2) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        AtomicInteger setting = new AtomicInteger(2);
        Watcher<Integer> watcher = value.watch();
        AtomicIntegerArray calling = new AtomicIntegerArray(2);
        Told told = new Told();
        Role.play(
                new Sharing(watcher, caller1, 0, calling, told),
                new Sharing(watcher, caller2, 1, calling, told),
                new Setter(value, 1, setter1, setting),
                new Setter(value, 2, setter2, setting));
        Role.check(told.ends.get() == 1, "the last state was not told just once");
    }

    /** How often each state was told. */
    private static final class Told {
        private final AtomicIntegerArray times = new AtomicIntegerArray(300);
        private final AtomicInteger ends = new AtomicInteger();

        void add(int state) {
            if (state == States.END) {
                ends.incrementAndGet();
            } else {
                Role.check(times.incrementAndGet(state) == 1, "a state was told to both");
            }
        }
    }

    private static final class Sharing extends Role {
        private final Watcher<Integer> watcher;
        private final String script;
        private final int number;

        /** How many calls each of the two has begun and ended: odd while one may be running. */
        private final AtomicIntegerArray calling;

        private final Told told;

        Sharing(Watcher<Integer> watcher, String script, int number, AtomicIntegerArray calling, Told told) {
            this.watcher = watcher;
            this.script = script;
            this.number = number;
            this.calling = calling;
            this.told = told;
        }

        /** Goes on until told the last state, or refused: then the other is at it. */
        @Override
        void act() throws InterruptedException {
            int calls = 0;
            int state = 0;
            while (state != States.END) {
                char call = calls < script.length() ? script.charAt(calls++) : 'n';
                int other = calling.get(1 - number);
                calling.incrementAndGet(number);
                try {
                    state = call == 'n' ? watcher.next() : watcher.poll().orElse(0);
                } catch (WatcherClosedException end) {
                    return; // the other was told the last state
                } catch (IllegalStateException refused) {
                    check(
                            other % 2 == 1 || calling.get(1 - number) != other,
                            "refused while no other call was running");
                    return;
                } finally {
                    calling.incrementAndGet(number);
                }
                if (state != 0) {
                    told.add(state);
                }
            }
            watcher.close(); // else the other might wait for what comes after the last state
        }
    }
}
