package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import java.util.concurrent.atomic.AtomicInteger;

/** Two setters and two watchers. No wake-up is lost, no state is told twice or out of order, and the last is told. */
@SuppressWarnings("unused") // called by reflection
public final class NextAndSet {
    public void run(String setter1, String setter2, String watcher1, String watcher2) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        AtomicInteger setting = new AtomicInteger(2);
        Role.play(
                new Consumer(value.watch(), watcher1),
                new Setter(value, 1, setter1, setting),
                new Consumer(value.watch(), watcher2),
                new Setter(value, 2, setter2, setting));
    }
}
