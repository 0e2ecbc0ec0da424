package dev.eventvalues;

/**
 * The producer's side of a value.
 *
 * @param <T> the states
 */
public interface ValueWriter<T> {
    /**
     * Makes {@code value} the newest state.
     *
     * <p><b>Memory consistency effects.</b> Actions before {@code set} <i>happen-before</i> actions after the
     * {@link Watcher#next()} that returns this state.
     *
     * @param value the new state, not null
     * @throws InterruptedException if the calling thread is interrupted while it must wait; writers that never wait do
     *     not declare it
     */
    void set(T value) throws InterruptedException;
}
