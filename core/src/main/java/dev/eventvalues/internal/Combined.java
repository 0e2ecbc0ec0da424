package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The view of several readers at once: shown while each of them shows a state. */
public final class Combined<T, R> implements Source<R> {
    private final List<ValueReader<? extends T>> readers;
    private final Function<? super List<T>, ? extends R> function;

    /**
     * Creates the view.
     *
     * @param readers what to combine
     * @param function gets a state of each, in their order; must not return null
     */
    public Combined(List<? extends ValueReader<? extends T>> readers, Function<? super List<T>, ? extends R> function) {
        this.readers = List.copyOf(readers);
        this.readers.forEach(Source::check);
        this.function = Objects.requireNonNull(function, "function");
    }

    @Override
    public Watcher<R> watch() {
        List<Cursor<T>> inputs = new ArrayList<>(readers.size());
        readers.forEach(reader -> inputs.add(Cursor.open(reader)));
        return new CombinedCursor<>(inputs, this::apply);
    }

    @Override
    public Optional<R> current() {
        List<T> states = new ArrayList<>(readers.size());
        for (ValueReader<? extends T> reader : readers) {
            Optional<? extends T> state = reader.current();
            if (state.isEmpty()) {
                return Optional.empty();
            }
            states.add(state.get());
        }
        return Optional.of(apply(Collections.unmodifiableList(states)));
    }

    private R apply(List<T> states) {
        return Objects.requireNonNull(function.apply(states), "the combining function returned null");
    }

    /**
     * What one input shows.
     *
     * @param last the state it showed last; null if none yet
     * @param now whether it still does; else it shows nothing, being unset, filtered out or failed
     * @param news whether the state is not the one in the combination told last
     */
    private record Shown(@Nullable Object last, boolean now, boolean news) {
        static final Shown NOTHING = new Shown(null, false, false);

        Shown hidden() {
            return new Shown(last, false, news);
        }

        Shown again() {
            return new Shown(last, true, news);
        }

        Shown told() {
            return new Shown(last, now, false);
        }
    }

    /** What the last look made of the inputs. */
    private enum Outcome {
        /** No new combination of all. */
        NONE,
        SHOWN,
        /** The function threw. */
        FAILED
    }

    private static final class CombinedCursor<T, R> extends Cursor<R> {
        private final List<Cursor<T>> inputs;
        private final Function<List<T>, R> function;

        /** As of the last delivery, and of the last look. */
        private final Shown[] delivered;

        private final Shown[] examined;

        private Outcome outcome = Outcome.NONE;

        /** Whether the combination told last was shown; else the function threw. */
        private boolean shown;

        /** False until the first delivery, which is due even if there is no input to move. */
        private boolean started;

        /* All of these are written by the running call only. */

        CombinedCursor(List<Cursor<T>> inputs, Function<List<T>, R> function) {
            this.inputs = inputs;
            this.function = function;
            this.delivered = new Shown[inputs.size()];
            Arrays.fill(delivered, Shown.NOTHING);
            this.examined = delivered.clone();
        }

        @Override
        protected Object examine() {
            Outcome before = outcome;
            outcome = Outcome.NONE; // should an input fail
            boolean moved = inputs.isEmpty() && !started;
            for (int i = 0; i < examined.length; i++) {
                moved |= examine(i);
            }
            if (!moved) {
                outcome = before;
                return Unseen.NOTHING;
            }
            if (!Arrays.stream(examined).allMatch(Shown::now)) {
                return Unseen.HIDDEN;
            }
            if (started && Arrays.stream(examined).noneMatch(Shown::news)) {
                return shown ? Unseen.SAME : Unseen.HIDDEN;
            }
            outcome = Outcome.FAILED; // should the function fail
            Object state = function.apply(states());
            outcome = Outcome.SHOWN;
            return state;
        }

        /** Brings one input up to date; true if it has moved. */
        private boolean examine(int i) {
            Shown before = examined[i];
            examined[i] = delivered[i].hidden(); // should it fail, until its next good state
            Object state = inputs.get(i).examine();
            if (state == Unseen.NOTHING) {
                examined[i] = before;
                return false;
            }
            if (state == Unseen.SAME) {
                examined[i] = delivered[i].again();
            } else if (state != Unseen.HIDDEN) {
                examined[i] = new Shown(state, true, true);
            }
            return true;
        }

        @SuppressWarnings("unchecked")
        private List<T> states() {
            return (List<T>) Arrays.stream(examined).map(Shown::last).toList();
        }

        @Override
        protected void commit() {
            if (outcome != Outcome.NONE) {
                shown = outcome == Outcome.SHOWN;
                Arrays.setAll(examined, i -> examined[i].told());
            }
            started = true;
            settle(examined, delivered);
            inputs.forEach(Cursor::commit);
        }

        @Override
        protected void rollback() {
            settle(delivered, examined);
            inputs.forEach(Cursor::rollback);
        }

        private void settle(Shown[] from, Shown[] to) {
            System.arraycopy(from, 0, to, 0, from.length);
            outcome = Outcome.NONE;
        }

        @Override
        protected boolean hasMoved() {
            return ended() || inputs.isEmpty() || inputs.stream().anyMatch(Cursor::hasMoved);
        }

        @Override
        public void arm(Waiter waiter) {
            for (Cursor<T> input : inputs) {
                input.arm(waiter);
            }
        }

        @Override
        protected void release() {
            inputs.forEach(Cursor::close);
        }

        @Override
        public boolean ended() {
            return super.ended() || inputs.stream().anyMatch(Cursor::ended);
        }

        @Override
        protected String missing() {
            for (int i = 0; i < inputs.size(); i++) {
                if (!examined[i].now()) {
                    return "input " + (i + 1) + " of " + inputs.size() + ": "
                            + inputs.get(i).missing();
                }
            }
            return outcome == Outcome.NONE
                    ? "none of the " + inputs.size() + " inputs has changed"
                    : "the newest combination was passed over";
        }
    }
}
