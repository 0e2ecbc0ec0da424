package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The view whose watchers skip a state that is the same as the one they delivered last. */
public final class Distinct<T> implements Source<T> {
    private final ValueReader<T> reader;
    private final BiPredicate<? super T, ? super T> same;

    /**
     * Creates the view.
     *
     * @param reader what to view
     * @param same called with the state delivered last and the newest
     */
    public Distinct(ValueReader<T> reader, BiPredicate<? super T, ? super T> same) {
        this.reader = Source.check(reader);
        this.same = Objects.requireNonNull(same, "same");
    }

    @Override
    public Watcher<T> watch() {
        return new DistinctCursor<>(Cursor.open(reader), same);
    }

    @Override
    public Optional<T> current() {
        return reader.current();
    }

    private static final class DistinctCursor<T> extends ViewCursor<T, T> {
        private final BiPredicate<? super T, ? super T> same;

        /** What was shown last: at the last delivery, and at the last look. Written by the running call. */
        private @Nullable T delivered;

        private @Nullable T examined;

        DistinctCursor(Cursor<T> upstream, BiPredicate<? super T, ? super T> same) {
            super(upstream);
            this.same = same;
        }

        @Override
        @SuppressWarnings("unchecked")
        protected Object examine() {
            T before = examined;
            examined = delivered; // unless another state is shown
            Object state = super.examine();
            if (state == Unseen.NOTHING) {
                examined = before;
            } else if (!(state instanceof Unseen)) {
                examined = (T) state;
            }
            return state;
        }

        @Override
        protected Object view(T state) {
            return delivered != null && same.test(delivered, state) ? Unseen.SAME : state;
        }

        @Override
        protected void commit() {
            delivered = examined;
            super.commit();
        }

        @Override
        protected void rollback() {
            examined = delivered;
            super.rollback();
        }
    }
}
