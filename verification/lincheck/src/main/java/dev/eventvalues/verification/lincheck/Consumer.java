package dev.eventvalues.verification.lincheck;

import dev.eventvalues.Watcher;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Takes states, as its script says, and then all there are until the end: {@code n} next, {@code c} next with a condition,
 * {@code t} next with a timeout, {@code d} next with a timeout and a condition that
 * nothing meets, {@code p} poll. What it is told is right, and the end is told: else it
 * would wait for ever.
 */
class Consumer extends Role {
    private final Watcher<Integer> watcher;
    private final String script;
    final Seen seen = new Seen();

    Consumer(Watcher<Integer> watcher, String script) {
        this.watcher = watcher;
        this.script = script;
    }

    @Override
    void act() throws Exception {
        for (int i = 0; i < script.length() && !seen.hasEnded(); i++) {
            step(script.charAt(i));
        }
        while (!seen.hasEnded()) {
            step('n');
        }
    }

    void step(char call) throws Exception {
        take(call);
    }

    final void take(char call) throws InterruptedException {
        try {
            switch (call) {
                case 'n' -> told(watcher.next());
                case 'c' -> told(matching(watcher.next(new Even())));
                case 't' -> told(watcher.next(Clock.soon()));
                case 'd' -> told(watcher.next(new Never(), Clock.soon()));
                case 'p' -> {
                    Integer state = watcher.poll().orElse(null);
                    if (state != null) {
                        told(state);
                    }
                }
                default -> throw new IllegalArgumentException("no such call: " + call);
            }
        } catch (TimeoutException nothingYet) {
            // the position stays: what comes is told later
        }
    }

    void told(int state) {
        seen.add(state);
    }

    private static int matching(int state) {
        check(new Even().test(state), "told a state that the condition rejects");
        return state;
    }

    /** Accepts every other state, and the end. */
    private static final class Even implements Predicate<Integer> {
        @Override
        public boolean test(Integer state) {
            return state == States.END || state % 2 == 0;
        }
    }

    /** Looks at any state, even the end, and leaves it for the next call. */
    private static final class Never implements Predicate<Integer> {
        @Override
        public boolean test(Integer state) {
            return false;
        }
    }
}
