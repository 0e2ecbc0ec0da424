package dev.eventvalues.benchmarks;

import java.util.function.Consumer;

/** A latest-value cell whose readers are called, on an executor, with each newest state. */
interface AsyncCell {
    /** Makes {@code state} the newest. Never waits for readers. */
    void set(Object state);

    /** Opens a reader: called with the newest state now, and then whenever there is a newer one. The cell is set. */
    void read(Consumer<Object> reader);

    /** Ends all readers. */
    void close();
}
