package dev.eventvalues;

import dev.eventvalues.internal.Cell;
import dev.eventvalues.internal.Source;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A value in this process.
 *
 * <p>{@link #set} never waits for a consumer and costs the same with no watcher and with a hundred thousand idle ones:
 * the value does not know them. Every {@code set} is a new state, even with an equal value; use {@link #distinct()} to
 * skip those. Old states are not kept.
 *
 * <p><b>Threads.</b> Any number of threads may set, read and watch. Nothing here blocks but the waiting calls of
 * {@link ValueReader} and {@link Watcher}.
 *
 * <p><b>Memory consistency effects.</b> Actions before a {@code set}, {@code update} or {@code compareAndSet}
 * <i>happen-before</i> actions after the {@code next} or {@code current} that returns that state.
 *
 * @param <T> the states
 */
@SuppressWarnings("exports") // Source is how the library knows its own readers; it adds nothing to the API
public final class MemoryValue<T> implements Source<T>, ValueWriter<T> {
    private final Cell<T> cell = new Cell<>();

    /** Creates an unset value: watchers wait for the first {@link #set}. */
    public MemoryValue() {}

    /**
     * Creates a value that is set.
     *
     * @param initial the first state, not null
     */
    public MemoryValue(T initial) {
        cell.set(Objects.requireNonNull(initial, "initial"));
    }

    /**
     * Makes {@code value} the newest state and wakes those who wait for one. Never blocks and runs no user code, except
     * for listeners registered with a direct executor such as {@code Runnable::run}.
     *
     * @param value the new state, not null
     */
    @Override
    public void set(T value) {
        cell.set(Objects.requireNonNull(value, "value"));
    }

    /**
     * Replaces the state by what {@code change} makes of it, atomically: no other {@code set} comes in between.
     *
     * @param change called without a lock, and again whenever another thread has set meanwhile; should be pure
     * @return the new state
     * @throws IllegalStateException while unset
     */
    public T update(UnaryOperator<T> change) {
        T state = cell.update(Objects.requireNonNull(change, "change"));
        if (state == null) {
            throw new IllegalStateException(
                    "update of a value that is not set: set it first, or create it with an" + " initial state");
        }
        return state;
    }

    /**
     * Replaces the state if it equals {@code expected}.
     *
     * @param expected compared with {@code equals}
     * @param value the new state
     * @return true if it was replaced; false if the state differs or is unset
     */
    public boolean compareAndSet(T expected, T value) {
        return cell.compareAndSet(Objects.requireNonNull(expected, "expected"), Objects.requireNonNull(value, "value"));
    }

    @Override
    public Watcher<T> watch() {
        return cell.cursor();
    }

    @Override
    public Optional<T> current() {
        return Optional.ofNullable(cell.get());
    }

    /** Names the type and whether it is set; never shows the state, which may be a secret. */
    @Override
    public String toString() {
        return cell.get() == null ? "MemoryValue[unset]" : "MemoryValue[set]";
    }
}
