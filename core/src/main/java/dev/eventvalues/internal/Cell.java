package dev.eventvalues.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One state in memory, the newest, and those who wait for a newer one.
 *
 * @param <T> the states
 */
public final class Cell<T> {
    /*
     * Each set swaps in a fresh holder, so identity tells states apart, also equal ones: a cursor remembers the holder
     * it saw, the cell keeps no list of cursors, and a set costs the same however many there are.
     *
     * A cursor must not keep an old state alive, so whoever replaces a holder empties it. A reader that finds a holder
     * empty has lost a race with a set and reads again; it succeeds or loses to yet another set.
     */
    static final class Holder<T> {
        /** Null for "unset" and once replaced. Written before publication, then by whoever replaced the holder. */
        @SuppressWarnings("unused") // read through STATE
        private @Nullable T state;

        Holder(@Nullable T state) {
            this.state = state;
        }

        @SuppressWarnings("unchecked")
        private @Nullable T peek() {
            return (T) STATE.getAcquire(this);
        }

        private void empty() {
            STATE.setRelease(this, null);
        }
    }

    private static final VarHandle NEWEST;
    private static final VarHandle STATE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEWEST = lookup.findVarHandle(Cell.class, "newest", Holder.class);
            STATE = lookup.findVarHandle(Holder.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final WaitList waiting = new WaitList();

    /** Null while unset. */
    private volatile @Nullable Holder<T> newest;

    /** Creates an unset cell. */
    public Cell() {}

    /**
     * Makes {@code state} the newest and wakes those who wait. Never blocks.
     *
     * @param state not null
     */
    @SuppressWarnings("unchecked")
    public void set(T state) {
        Holder<T> old = (Holder<T>) NEWEST.getAndSet(this, new Holder<>(Objects.requireNonNull(state, "state")));
        replaced(old);
    }

    /**
     * Reads the newest state.
     *
     * @return the newest state, or null while unset
     */
    public @Nullable T get() {
        while (true) {
            Holder<T> now = newest;
            if (now == null) {
                return null;
            }
            T state = now.peek();
            if (state != null) {
                return state;
            }
        }
    }

    /**
     * Replaces the newest state if it equals {@code expected}.
     *
     * @param expected compared with {@code equals}
     * @param state the new state
     * @return false if the newest state differs, or there is none
     */
    public boolean compareAndSet(T expected, T state) {
        Holder<T> fresh = new Holder<>(state);
        while (true) {
            Holder<T> now = newest;
            T old = now == null ? null : now.peek();
            if (old == null) {
                if (now == null) {
                    return false;
                }
            } else if (!expected.equals(old)) {
                return false;
            } else if (NEWEST.compareAndSet(this, now, fresh)) {
                replaced(now);
                return true;
            }
        }
    }

    /**
     * Replaces the newest state by what {@code change} makes of it, atomically.
     *
     * @param change may be called again if another thread sets meanwhile
     * @return the new state, or null while unset
     */
    public @Nullable T update(UnaryOperator<T> change) {
        while (true) {
            Holder<T> now = newest;
            if (now == null) {
                return null;
            }
            T old = now.peek();
            if (old != null) {
                T state = Objects.requireNonNull(change.apply(old), "the change returned null");
                if (NEWEST.compareAndSet(this, now, new Holder<>(state))) {
                    replaced(now);
                    return state;
                }
            }
        }
    }

    private void replaced(@Nullable Holder<T> old) {
        if (old != null) {
            old.empty();
        }
        waiting.wakeAll();
    }

    /**
     * Those who wait for a newer state, for cursors that compare states in their own way.
     *
     * @return woken after each change
     */
    public WaitList waiting() {
        return waiting;
    }

    /**
     * Opens a position before the newest state.
     *
     * @return a new cursor
     */
    public Cursor<T> cursor() {
        return new CellCursor<>(this);
    }

    /** The leaf of every tree of cursors. */
    private static final class CellCursor<T> extends Cursor<T> {
        private final Cell<T> cell;

        /** The holder last delivered, and the one last looked at. Written by the running call. */
        private @Nullable Holder<T> seen;

        private @Nullable Holder<T> examined;

        CellCursor(Cell<T> cell) {
            this.cell = cell;
        }

        @Override
        protected Object examine() {
            while (true) {
                Holder<T> now = cell.newest;
                if (now == examined || now == null) {
                    return Unseen.NOTHING;
                }
                T state = now.peek();
                if (state != null) {
                    examined = now;
                    return state;
                }
            }
        }

        @Override
        protected boolean hasMoved() {
            return cell.newest != examined && cell.newest != null;
        }

        @Override
        protected void commit() {
            seen = examined;
        }

        @Override
        protected void rollback() {
            examined = seen;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(cell.waiting);
        }

        @Override
        protected String missing() {
            if (cell.newest == null) {
                return "the value is not set";
            }
            return examined == seen ? "the value was not set anew" : "the newest state was passed over";
        }
    }
}
