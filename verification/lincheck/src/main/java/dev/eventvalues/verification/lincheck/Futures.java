package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A future of the next state that others cancel, and whose watcher they close. It is told a state, or cancelled, or refused,
 * just once; what it was not told is told later, and it does not stay pending when there is a state.
 *
 * <p>Others: {@code k} cancel, {@code x} close.
 */
@SuppressWarnings("unused") // called by reflection
public final class Futures {
    public void run(String setter, String other1, String other2) throws InterruptedException {
        MemoryValue<Integer> value = new MemoryValue<>();
        Watcher<Integer> watcher = value.watch();
        Asking asking = new Asking(watcher);
        Role.play(
                asking,
                new Setter(value, 1, setter, new AtomicInteger(1)),
                new Meddling(watcher, asking, other1),
                new Meddling(watcher, asking, other2));
        Outcome outcome = asking.outcome;
        Role.check(outcome.times.get() == 1, "the future did not complete just once");
        boolean mayClose = (other1 + other2).contains("x");
        Role.check(mayClose || !(outcome.failure instanceof WatcherClosedException), "refused though nobody closed");
        if (!mayClose) {
            Integer rest = watcher.poll().orElse(null);
            boolean toldLast = outcome.state != null && outcome.state == States.END;
            Role.check(toldLast == (rest == null), "the last state was told twice, or never");
            Role.check(rest == null || rest == States.END, "an older state than the last");
        }
    }

    private static final class Direct implements Executor {
        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    private static final class Outcome implements BiConsumer<Integer, Throwable> {
        private final AtomicInteger times = new AtomicInteger();

        /** Written once, by whoever completes the future. */
        private volatile @Nullable Integer state;

        private volatile @Nullable Throwable failure;

        @Override
        public void accept(@Nullable Integer told, @Nullable Throwable thrown) {
            state = told;
            failure = thrown;
            times.incrementAndGet();
        }
    }

    private static final class Asking extends Role {
        private final Watcher<Integer> watcher;
        private final Outcome outcome = new Outcome();
        private final AtomicReference<@Nullable CompletableFuture<Integer>> future = new AtomicReference<>();

        Asking(Watcher<Integer> watcher) {
            this.watcher = watcher;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the outcome keeps what the future is completed with
        void act() {
            CompletableFuture<Integer> asked;
            try {
                asked = watcher.nextAsync(new Direct());
            } catch (WatcherClosedException closed) {
                outcome.accept(null, closed);
                return;
            }
            asked.whenComplete(outcome);
            future.set(asked);
        }
    }

    private static final class Meddling extends Role {
        private final Watcher<Integer> watcher;
        private final Asking asking;
        private final String script;

        Meddling(Watcher<Integer> watcher, Asking asking, String script) {
            this.watcher = watcher;
            this.asking = asking;
            this.script = script;
        }

        @Override
        void act() {
            for (int i = 0; i < script.length(); i++) {
                CompletableFuture<Integer> future = asking.future.get();
                if (script.charAt(i) == 'x') {
                    watcher.close();
                } else if (future != null) {
                    future.cancel(false);
                }
            }
        }
    }
}
