package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A watcher that is closed by others. Its running call ends; a call that begins when one {@code close} has returned is
 * refused, and so are all calls after one that was.
 */
@SuppressWarnings("unused") // called by reflection
public final class Closing {
    public void run(String setter, String watcher, String closer1, String closer2) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        Watcher<Integer> watched = value.watch();
        Closed closed = new Closed(watched, watcher);
        Role.play(
                closed,
                new Setter(
                        value,
                        1,
                        setter,
                        new AtomicInteger(2)), // which sets no end: only a close can end the last call
                new Closer(watched, closed, closer1.length()),
                new Closer(watched, closed, closer2.length()));
        Role.check(closed.refused, "a call after close was not refused");
    }

    private static final class Closed extends Consumer {
        /** Written by closers. */
        private volatile boolean closed;

        /** Written by the thread, read when it has ended. */
        private boolean refused;

        Closed(Watcher<Integer> watcher, String script) {
            super(watcher, script);
        }

        @Override
        void act() throws Exception {
            try {
                super.act();
            } catch (WatcherClosedException end) {
                refused = true;
                try {
                    take('p');
                } catch (WatcherClosedException again) {
                    return;
                }
                throw new AssertionError("refused once, and then not");
            }
        }

        @Override
        void step(char call) throws InterruptedException {
            boolean before = closed;
            take(call);
            check(!before, "a call that began after close was not refused");
        }
    }

    private static final class Closer extends Role {
        private final Watcher<Integer> watcher;
        private final Closed closed;
        private final int times;

        Closer(Watcher<Integer> watcher, Closed closed, int times) {
            this.watcher = watcher;
            this.closed = closed;
            this.times = times;
        }

        @Override
        void act() {
            for (int i = 0; i < times; i++) {
                watcher.close();
                closed.closed = true;
            }
        }
    }
}
