package dev.eventvalues.benchmarks;

/**
 * A latest-value cell as a Java user would build or pick it, reduced to what all of them can do.
 *
 * <p>Readers are the peer's own objects, not wrapped: a wrapper would count as heap of the peer.
 *
 * @param <R> a reader's position or subscription
 */
interface Peer<R> {
    /** Makes {@code state} the newest. Never waits for readers. */
    void set(Object state);

    /** Opens a reader whose first {@code next} returns the newest state. The cell is set. */
    R open();

    /** Returns a state newer than the last this reader returned; waits for one, except in floors that cannot. */
    Object next(R reader) throws InterruptedException;

    /** Ends a reader that is not waiting. */
    void close(R reader);
}
