package dev.eventvalues;

import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Source;
import dev.eventvalues.internal.Waiter;
import java.util.Optional;

/** A value of another backend: a watcher gets some states, one after the other, and then the backend is closed. */
record EndingValue(long states) implements Source<Long> {
    @Override
    public Watcher<Long> watch() {
        return new EndingCursor(states);
    }

    @Override
    public Optional<Long> current() {
        return Optional.of(states);
    }

    private static final class EndingCursor extends Cursor<Long> {
        private volatile long left;

        EndingCursor(long states) {
            this.left = states;
        }

        @Override
        protected Object examine() {
            if (left == 0) {
                throw new WatcherClosedException("the backend is closed");
            }
            return left;
        }

        @Override
        protected void commit() {
            left = Math.max(0, left - 1);
        }

        @Override
        protected void rollback() {}

        @Override
        public void arm(Waiter waiter) {}

        @Override
        public boolean ended() {
            return super.ended() || left == 0;
        }

        @Override
        protected String missing() {
            return "nothing is ever missing";
        }
    }
}
