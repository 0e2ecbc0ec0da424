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
        List<Input<T>> inputs = new ArrayList<>(readers.size());
        readers.forEach(reader -> inputs.add(new Input<>(Cursor.open(reader))));
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

    /** One of the readers: its position, and what it shows, as of the last delivery and of the last look. */
    private static final class Input<T> {
        private final Cursor<T> cursor;

        /** The state it showed last; null if none yet. */
        private @Nullable T deliveredState;

        private @Nullable T state;

        /** Whether it still does; else it shows nothing, being unset, filtered out or failed. */
        private boolean deliveredShown;

        private boolean shown;

        /** Whether the state is not the one in the combination told last. */
        private boolean deliveredNews;

        private boolean news;

        /* All of these are written by the running call only. */

        Input(Cursor<T> cursor) {
            this.cursor = cursor;
        }

        /** Brings it up to date; true if it has moved. */
        @SuppressWarnings("unchecked")
        boolean examine() {
            T stateBefore = state;
            boolean shownBefore = shown;
            boolean newsBefore = news;
            restore();
            shown = false; // should it fail, until its next good state
            Object examined = cursor.examine();
            if (examined == Cursor.Unseen.NOTHING) {
                state = stateBefore;
                shown = shownBefore;
                news = newsBefore;
                return false;
            }
            if (examined == Cursor.Unseen.SAME) {
                shown = true;
            } else if (examined != Cursor.Unseen.HIDDEN) {
                state = (T) examined;
                shown = true;
                news = true;
            }
            return true;
        }

        /** Its state is part of a combination that is told. */
        void told() {
            news = false;
        }

        void commit() {
            deliveredState = state;
            deliveredShown = shown;
            deliveredNews = news;
            cursor.commit();
        }

        void rollback() {
            restore();
            cursor.rollback();
        }

        private void restore() {
            state = deliveredState;
            shown = deliveredShown;
            news = deliveredNews;
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
        private final List<Input<T>> inputs;
        private final Function<List<T>, R> function;

        private Outcome outcome = Outcome.NONE;

        /** Whether the combination told last was shown; else the function threw. */
        private boolean shown;

        /** False until the first delivery, which is due even if there is no input to move. */
        private boolean started;

        /* All of these are written by the running call only. */

        CombinedCursor(List<Input<T>> inputs, Function<List<T>, R> function) {
            this.inputs = inputs;
            this.function = function;
        }

        /* Loops with an index here: a chain of combinations examines each of its inputs again and again. */

        @Override
        protected Object examine() {
            Outcome before = outcome;
            outcome = Outcome.NONE; // should an input fail
            boolean moved = inputs.isEmpty() && !started;
            boolean complete = true;
            boolean news = false;
            for (int i = 0; i < inputs.size(); i++) {
                Input<T> input = inputs.get(i);
                moved |= input.examine();
                complete &= input.shown;
                news |= input.news;
            }
            if (!moved) {
                outcome = before;
                return Unseen.NOTHING;
            }
            if (!complete) {
                return Unseen.HIDDEN;
            }
            if (started && !news) {
                return shown ? Unseen.SAME : Unseen.HIDDEN;
            }
            outcome = Outcome.FAILED; // should the function fail
            Object state = function.apply(states());
            outcome = Outcome.SHOWN;
            return state;
        }

        @SuppressWarnings("unchecked")
        private List<T> states() {
            @Nullable Object[] states = new Object[inputs.size()];
            for (int i = 0; i < states.length; i++) {
                states[i] = inputs.get(i).state;
            }
            return (List<T>) Collections.unmodifiableList(Arrays.asList(states));
        }

        @Override
        protected void commit() {
            boolean told = outcome != Outcome.NONE;
            if (told) {
                shown = outcome == Outcome.SHOWN;
            }
            outcome = Outcome.NONE;
            started = true;
            for (int i = 0; i < inputs.size(); i++) {
                Input<T> input = inputs.get(i);
                if (told) {
                    input.told();
                }
                input.commit();
            }
        }

        @Override
        protected void rollback() {
            outcome = Outcome.NONE;
            for (int i = 0; i < inputs.size(); i++) {
                inputs.get(i).rollback();
            }
        }

        @Override
        protected boolean hasMoved() {
            return (inputs.isEmpty() && !started) || inputs.stream().anyMatch(input -> input.cursor.hasMoved());
        }

        @Override
        public void arm(Waiter waiter) {
            for (int i = 0; i < inputs.size(); i++) {
                inputs.get(i).cursor.arm(waiter);
            }
        }

        @Override
        protected void release() {
            inputs.forEach(input -> input.cursor.close());
        }

        @Override
        public boolean ended() {
            return super.ended() || inputs.stream().anyMatch(input -> input.cursor.ended());
        }

        @Override
        protected String missing() {
            for (int i = 0; i < inputs.size(); i++) {
                if (!inputs.get(i).shown) {
                    return "input " + (i + 1) + " of " + inputs.size() + ": "
                            + inputs.get(i).cursor.missing();
                }
            }
            return outcome == Outcome.NONE
                    ? "none of the " + inputs.size() + " inputs has changed"
                    : "the newest combination was passed over";
        }
    }
}
