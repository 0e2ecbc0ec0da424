package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The view that shows the state only while it matches. */
public final class Filtered<T> implements Source<T> {
    private final ValueReader<T> reader;
    private final Predicate<? super T> condition;

    /**
     * Creates the view.
     *
     * @param reader what to view
     * @param condition which states to show
     */
    public Filtered(ValueReader<T> reader, Predicate<? super T> condition) {
        this.reader = Source.check(reader);
        this.condition = Objects.requireNonNull(condition, "condition");
    }

    @Override
    public Watcher<T> watch() {
        return new ViewCursor<T, T>(Cursor.open(reader)) {
            @Override
            protected Object view(T state) {
                return condition.test(state) ? state : Unseen.HIDDEN;
            }
        };
    }

    @Override
    public Optional<T> current() {
        return reader.current().filter(condition);
    }
}
