package dev.eventvalues.verification.lincheck;

import dev.eventvalues.RendezvousValue;
import dev.eventvalues.Watcher;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two setters that wait for two watchers. A watcher misses no state until it closes, except one whose {@code set} gave up;
 * every {@code set} returns.
 *
 * <p>Setters: {@code s} set, {@code z} set with a timeout. Watchers: as {@link Consumer}, and {@code x} close.
 */
@SuppressWarnings("unused") // called by reflection
public final class Rendezvous {
    /** The watchers' cleaner starts a thread, which must not be one of those that Lincheck runs. */
    static void prepare() {
        new RendezvousValue<Integer>().watch().close();
    }

    public void run(String setter1, String setter2, String watcher1, String watcher2) throws InterruptedException {
        RendezvousValue<Integer> value = new RendezvousValue<>();
        AtomicInteger setting = new AtomicInteger(2);
        String[] scripts = {"", setter1, setter2};
        Role.play(
                new Taker(value.watch(), watcher1, scripts),
                new Offering(value, 1, setter1, setting),
                new Taker(value.watch(), watcher2, scripts),
                new Offering(value, 2, setter2, setting));
    }

    private static final class Offering extends Role {
        private final RendezvousValue<Integer> value;
        private final int number;
        private final String script;
        private final AtomicInteger setting;

        Offering(RendezvousValue<Integer> value, int number, String script, AtomicInteger setting) {
            this.value = value;
            this.number = number;
            this.script = script;
            this.setting = setting;
        }

        @Override
        void act() throws InterruptedException {
            for (int i = 0; i < script.length(); i++) {
                int state = States.of(number, i + 1);
                if (script.charAt(i) == 's') {
                    value.set(state);
                } else {
                    offer(state);
                }
            }
            if (setting.decrementAndGet() == 0) {
                value.set(States.END);
            }
        }

        private void offer(int state) throws InterruptedException {
            try {
                value.set(state, Clock.soon());
            } catch (TimeoutException notTakenByAll) {
                // then some may miss it
            }
        }
    }

    private static final class Taker extends Consumer {
        private final Watcher<Integer> watcher;
        private final String[] setters;

        /** How many states of each setter were told or given up. */
        private final int[] counts = new int[3];

        Taker(Watcher<Integer> watcher, String script, String[] setters) {
            super(watcher, script);
            this.watcher = watcher;
            this.setters = setters;
        }

        @Override
        void step(char call) throws InterruptedException {
            if (call == 'x') {
                watcher.close();
                seen.add(States.END);
            } else {
                take(call);
            }
        }

        @Override
        void told(int state) {
            super.told(state);
            for (int setter = 1; setter < setters.length; setter++) {
                boolean end = state == States.END;
                int before = end
                        ? setters[setter].length()
                        : States.setter(state) == setter ? States.count(state) - 1 : counts[setter];
                for (int missed = counts[setter]; missed < before; missed++) {
                    check(setters[setter].charAt(missed) == 'z', "missed a state whose setter waits");
                }
                counts[setter] = !end && States.setter(state) == setter ? States.count(state) : before;
            }
        }
    }
}
