package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The view of several readers at once: shown while each of them shows a state. */
public final class Combined<T, R> implements Source<R> {
    private final List<ValueReader<? extends T>> readers;
    private final Function<? super IntFunction<T>, ? extends R> function;

    /**
     * Creates the view.
     *
     * @param readers what to combine
     * @param function gets a state of each, by its index, to be asked for before it returns; must not return null
     */
    public Combined(
            List<? extends ValueReader<? extends T>> readers, Function<? super IntFunction<T>, ? extends R> function) {
        this.readers = List.copyOf(readers);
        this.readers.forEach(Source::check);
        this.function = Objects.requireNonNull(function, "function");
    }

    @Override
    public Watcher<R> watch() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        Input<T>[] inputs = new Input[readers.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new Input<>(Cursor.open(readers.get(i)));
        }
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
        return Optional.of(apply(states::get));
    }

    private R apply(IntFunction<T> states) {
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

        /** Whether the last look differs from the last delivery; most inputs stand still while one moves. */
        private boolean moved;

        /* All of these are written by the running call only. */

        Input(Cursor<T> cursor) {
            this.cursor = cursor;
        }

        /** What its cursor has examined, anything but that it stands still. */
        @SuppressWarnings("unchecked")
        void saw(Object examined) {
            restore();
            moved = true;
            shown = examined != Cursor.Unseen.HIDDEN;
            if (!(examined instanceof Cursor.Unseen)) {
                state = (T) examined;
                news = true;
            }
        }

        /** With {@code told} its state is part of a combination that is told. */
        void commit(boolean told) {
            news &= !told;
            deliveredNews = news;
            if (moved) {
                moved = false;
                deliveredState = state;
                deliveredShown = shown;
                cursor.commit();
            }
        }

        void rollback() {
            if (moved) {
                moved = false;
                restore();
                cursor.rollback();
            }
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
        private final Input<T>[] inputs;
        private final Function<IntFunction<T>, R> function;

        private Outcome outcome = Outcome.NONE;

        /** Whether the combination told last was shown; else the function threw. */
        private boolean shown;

        /** False until the first delivery, which is due even if there is no input to move. */
        private boolean started;

        /* All of these are written by the running call only. */

        CombinedCursor(Input<T>[] inputs, Function<IntFunction<T>, R> function) {
            this.inputs = inputs;
            this.function = function;
        }

        @Override
        protected Object examine() {
            Outcome before = outcome;
            outcome = Outcome.NONE; // should an input fail
            boolean moved = inputs.length == 0 && !started;
            boolean complete = true;
            boolean news = false;
            for (Input<T> input : inputs) {
                Object examined = Unseen.HIDDEN; // should it fail, until its next good state
                try {
                    examined = input.cursor.examine();
                } finally {
                    if (examined != Unseen.NOTHING) {
                        input.saw(examined);
                        moved = true;
                    }
                }
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
            Object state = function.apply(this::state);
            outcome = Outcome.SHOWN;
            return state;
        }

        @SuppressWarnings("NullAway") // only asked while all are there
        private T state(int i) {
            return inputs[i].state;
        }

        @Override
        protected void commit() {
            boolean told = outcome != Outcome.NONE;
            if (told) {
                shown = outcome == Outcome.SHOWN;
            }
            outcome = Outcome.NONE;
            started = true;
            for (Input<T> input : inputs) {
                input.commit(told);
            }
        }

        @Override
        protected void rollback() {
            outcome = Outcome.NONE;
            for (Input<T> input : inputs) {
                input.rollback();
            }
        }

        @Override
        protected boolean hasMoved() {
            return (inputs.length == 0 && !started) || Arrays.stream(inputs).anyMatch(input -> input.cursor.hasMoved());
        }

        @Override
        public void arm(Waiter waiter) {
            for (Input<T> input : inputs) {
                input.cursor.arm(waiter);
            }
        }

        @Override
        protected void release() {
            for (Input<T> input : inputs) {
                input.cursor.close();
            }
        }

        @Override
        public boolean ended() {
            return super.ended() || Arrays.stream(inputs).anyMatch(input -> input.cursor.ended());
        }

        @Override
        protected String missing() {
            for (int i = 0; i < inputs.length; i++) {
                if (!inputs[i].shown) {
                    return "input " + (i + 1) + " of " + inputs.length + ": " + inputs[i].cursor.missing();
                }
            }
            return outcome == Outcome.NONE
                    ? "none of the " + inputs.length + " inputs has changed"
                    : "the newest combination was passed over";
        }
    }
}
