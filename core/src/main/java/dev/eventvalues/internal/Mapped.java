package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The view that shows each state through a function. */
public final class Mapped<S, T> implements Source<T> {
    private final ValueReader<S> reader;
    private final Function<? super S, ? extends T> mapper;

    /**
     * Creates the view.
     *
     * @param reader what to view
     * @param mapper must not return null
     */
    public Mapped(ValueReader<S> reader, Function<? super S, ? extends T> mapper) {
        this.reader = Source.check(reader);
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    @Override
    public Watcher<T> watch() {
        return new ViewCursor<S, T>(Cursor.open(reader)) {
            @Override
            protected Object view(S state) {
                return map(state);
            }
        };
    }

    @Override
    public Optional<T> current() {
        Optional<S> state = reader.current();
        return state.isEmpty() ? Optional.empty() : Optional.of(map(state.get()));
    }

    private T map(S state) {
        return Objects.requireNonNull(mapper.apply(state), "the mapper returned null");
    }
}
