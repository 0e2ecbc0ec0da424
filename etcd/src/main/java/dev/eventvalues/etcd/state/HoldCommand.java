package dev.eventvalues.etcd.state;

/** What a {@link Holding} wants to be done. It is added to what runs. */
public sealed interface HoldCommand {
    /**
     * Ask for a lease.
     *
     * @param ticket to be returned
     */
    record Grant(long ticket) implements HoldCommand {}

    /**
     * Create the key under a lease, unless it is there.
     *
     * @param ticket to be returned
     * @param lease which
     */
    record Take(long ticket, long lease) implements HoldCommand {}

    /**
     * Keep a lease alive.
     *
     * @param lease which
     * @param sent now; to be returned
     */
    record Renew(long lease, Moment sent) implements HoldCommand {}

    /**
     * Revoke a lease.
     *
     * @param ticket to be returned; 0 if nobody waits
     * @param lease which
     */
    record Revoke(long ticket, long lease) implements HoldCommand {}

    /**
     * Wait before the next attempt, longer the more have failed.
     *
     * @param ticket to be returned
     * @param attempt from 1
     */
    record Rest(long ticket, int attempt) implements HoldCommand {}
}
