package dev.eventvalues.etcd.state;

import java.time.Instant;

/**
 * A point in time by both clocks. Both count: the monotonic one stands still while the machine sleeps, the other may be
 * set back.
 *
 * @param nanoTime on the monotonic clock
 * @param at by the wall clock
 */
public record Moment(long nanoTime, Instant at) {
    /**
     * A later moment.
     *
     * @param nanos how much later
     * @return the moment
     */
    public Moment plus(long nanos) {
        return new Moment(nanoTime + nanos, at.plusNanos(nanos));
    }

    /**
     * Whether this moment has come.
     *
     * @param now the present
     * @return true if either clock says so
     */
    public boolean hasComeBy(Moment now) {
        return now.nanoTime - nanoTime >= 0 || !now.at.isBefore(at);
    }
}
