package dev.eventvalues.verification.lincheck;

import dev.eventvalues.MemoryValue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Sets a value, as its script says: {@code s} set, {@code u} update. The last of the setters to end sets the end. */
final class Setter extends Role {
    private final MemoryValue<Integer> value;
    private final int number;
    private final String script;
    private final AtomicInteger setting;

    Setter(MemoryValue<Integer> value, int number, String script, AtomicInteger setting) {
        this.value = value;
        this.number = number;
        this.script = script;
        this.setting = setting;
    }

    @Override
    void act() {
        if (script.startsWith("u")) {
            value.compareAndSet(0, 0); // false: it is not set to that
        }
        for (int i = 0; i < script.length(); i++) {
            int state = States.of(number, i + 1);
            if (script.charAt(i) == 'u' && value.current().isPresent()) {
                value.update(new To(state));
            } else {
                value.set(state);
            }
        }
        if (setting.decrementAndGet() == 0) {
            value.set(States.END);
        }
    }

    private static final class To implements UnaryOperator<Integer> {
        private final int state;

        To(int state) {
            this.state = state;
        }

        @Override
        public Integer apply(Integer before) {
            return state;
        }
    }
}
