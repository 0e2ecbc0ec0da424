package dev.eventvalues.etcd.state;

import java.time.Instant;

/**
 * That a linearizable read succeeded on a connection: its member belonged to the quorum at that time.
 *
 * @param nanoTime when the read was sent, on the monotonic clock
 * @param at the same by the wall clock
 * @param term the raft term of its log then; 0 if it is not known
 */
public record Proof(long nanoTime, Instant at, long term) {
    /**
     * Of a log whose term is not known.
     *
     * @param nanoTime when the read was sent, on the monotonic clock
     * @param at the same by the wall clock
     */
    public Proof(long nanoTime, Instant at) {
        this(nanoTime, at, 0);
    }

    /**
     * Whether it is too old to prove anything. Both clocks count: one stands still while the machine sleeps, the other
     * may be set back.
     *
     * @param limitNanos the greatest age that proves something
     * @param nanoTime now, on the monotonic clock
     * @param now now, by the wall clock
     * @return true if it is older than the limit
     */
    public boolean isOlderThan(long limitNanos, long nanoTime, Instant now) {
        return nanoTime - this.nanoTime > limitNanos || at.plusNanos(limitNanos).isBefore(now);
    }
}
