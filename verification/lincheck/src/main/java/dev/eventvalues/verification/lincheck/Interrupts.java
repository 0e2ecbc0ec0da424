package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import java.util.concurrent.atomic.AtomicInteger;

/** A watcher whose thread is interrupted. It is told of no more interrupts than there were, and of every state it had left. */
@SuppressWarnings("unused") // called by reflection
public final class Interrupts {
    public void run(String setter1, String setter2, String watcher, String interrupts) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        AtomicInteger setting = new AtomicInteger(2);
        Interrupted interrupted = new Interrupted(value.watch(), watcher);
        Role.play(
                interrupted,
                new Setter(value, 1, setter1, setting),
                new Setter(value, 2, setter2, setting),
                new Interrupter(interrupted, interrupts.length()));
        Role.check(interrupted.times <= interrupts.length(), "an interrupt was told more than once");
    }

    private static final class Interrupted extends Consumer {
        /** Written by the thread, read when it has ended. */
        private int times;

        Interrupted(Watcher<Integer> watcher, String script) {
            super(watcher, script);
        }

        @Override
        void step(char call) {
            try {
                take(call);
            } catch (InterruptedException interrupted) {
                times++;
            }
        }
    }

    private static final class Interrupter extends Role {
        private final Role whom;
        private final int times;

        Interrupter(Role whom, int times) {
            this.whom = whom;
            this.times = times;
        }

        @Override
        void act() {
            for (int i = 0; i < times; i++) {
                thread(whom).interrupt();
            }
        }
    }
}
