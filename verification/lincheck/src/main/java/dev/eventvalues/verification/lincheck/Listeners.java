package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Registration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A listener with a direct executor and two setters: it is told the last state, nothing twice, and is never called twice at once. */
@SuppressWarnings("unused") // called by reflection
public final class Listeners {
    public void run(String setter1, String setter2, String closes) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        AtomicInteger setting = new AtomicInteger(2);
        Told told = new Told();
        Registration registration = value.onChange(told, new Direct());
        Role.play(
                new Setter(value, 1, setter1, setting),
                new Setter(value, 2, setter2, setting),
                new Closer(registration, closes.length()));
        Role.check(!told.wrong, "told twice, out of order, or twice at once");
        Role.check(!closes.isEmpty() || told.seen.hasEnded(), "the last state was not told");
    }

    private static final class Direct implements Executor {
        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    private static final class Told implements Consumer<Integer> {
        private final Seen seen = new Seen();
        private final AtomicInteger running = new AtomicInteger();

        /** An exception would be logged, and not be seen here. */
        private volatile boolean wrong;

        @Override
        public void accept(Integer state) {
            wrong |= running.incrementAndGet() != 1;
            try {
                seen.add(state);
            } catch (AssertionError unexpected) {
                wrong = true;
            }
            running.decrementAndGet();
        }
    }

    private static final class Closer extends Role {
        private final Registration registration;
        private final int times;

        Closer(Registration registration, int times) {
            this.registration = registration;
            this.times = times;
        }

        @Override
        void act() {
            for (int i = 0; i < times; i++) {
                registration.close();
            }
        }
    }
}
