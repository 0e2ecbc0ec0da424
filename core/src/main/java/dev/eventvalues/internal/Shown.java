package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The view that shows each state through functions, and while it matches conditions: one step after the other. */
public final class Shown<S, T> implements Source<T> {
    /*
     * A view of such a view has one step more and the same reader below. So a chain of them has one cursor, whatever its
     * length. That is no other view than one cursor upon the other would be: these steps remember nothing.
     */
    private interface Step {
        /** Returns what the next step gets; null hides the state. */
        @Nullable
        Object apply(Object state);
    }

    private final ValueReader<S> reader;
    private final Step[] steps;

    private Shown(ValueReader<S> reader, Step... steps) {
        this.reader = reader;
        this.steps = steps;
    }

    /**
     * Shows each state through a function.
     *
     * @param <S> the states of the reader
     * @param <T> the states of the view
     * @param reader what to view
     * @param mapper must not return null
     * @return the view
     */
    @SuppressWarnings("unchecked") // a step gets what the reader shows, or the step before
    public static <S, T> Shown<?, T> mapped(ValueReader<S> reader, Function<? super S, ? extends T> mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return of(reader, state -> Objects.requireNonNull(mapper.apply((S) state), "the mapper returned null"));
    }

    /**
     * Shows the state only while it matches.
     *
     * @param <T> the states
     * @param reader what to view
     * @param condition which states to show
     * @return the view
     */
    @SuppressWarnings("unchecked")
    public static <T> Shown<?, T> filtered(ValueReader<T> reader, Predicate<? super T> condition) {
        Objects.requireNonNull(condition, "condition");
        return of(reader, state -> condition.test((T) state) ? state : null);
    }

    private static <T> Shown<?, T> of(ValueReader<?> reader, Step step) {
        return reader instanceof Shown<?, ?> shown ? shown.then(step) : new Shown<>(Source.check(reader), step);
    }

    private <R> Shown<S, R> then(Step step) {
        Step[] more = Arrays.copyOf(steps, steps.length + 1);
        more[steps.length] = step;
        return new Shown<>(reader, more);
    }

    @Override
    public Watcher<T> watch() {
        return new ViewCursor<S, T>(Cursor.open(reader)) {
            @Override
            protected Object view(S state) {
                T shown = show(state);
                return shown == null ? Unseen.HIDDEN : shown;
            }
        };
    }

    @Override
    public Optional<T> current() {
        return reader.current().flatMap(state -> Optional.ofNullable(show(state)));
    }

    @SuppressWarnings("unchecked") // the last step returns what the view shows
    private @Nullable T show(S state) {
        @Nullable Object shown = state;
        for (int i = 0; i < steps.length && shown != null; i++) {
            shown = steps[i].apply(shown);
        }
        return (T) shown;
    }
}
