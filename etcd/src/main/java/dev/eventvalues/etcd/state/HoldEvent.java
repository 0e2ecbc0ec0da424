package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/** What happened to a {@link Holding}. An event with a ticket answers the {@link HoldCommand} with that ticket. */
public sealed interface HoldEvent {
    /**
     * What is known of the key.
     *
     * @param epoch as in {@link Known}
     * @param revision up to which nothing is missing
     * @param item null if the key is absent
     */
    record Seen(long epoch, long revision, @Nullable Item item) implements HoldEvent {}

    /**
     * There is a lease.
     *
     * @param ticket as in the command
     * @param lease its id
     */
    record Granted(long ticket, long lease) implements HoldEvent {}

    /**
     * The key was absent and has been taken.
     *
     * @param ticket as in the command
     * @param revision by which
     */
    record Taken(long ticket, long revision) implements HoldEvent {}

    /**
     * The key is there.
     *
     * @param ticket as in the command
     * @param found what it holds
     */
    record Occupied(long ticket, Item found) implements HoldEvent {}

    /**
     * A lease was kept alive.
     *
     * @param lease which
     * @param sent as in the command
     */
    record Renewed(long lease, Moment sent) implements HoldEvent {}

    /**
     * There is no such lease.
     *
     * @param lease which
     */
    record Gone(long lease) implements HoldEvent {}

    /**
     * It could not be found out whether the lease was kept alive.
     *
     * @param lease which
     * @param trouble why
     */
    record NotRenewed(long lease, Trouble trouble) implements HoldEvent {}

    /**
     * The lease that was to be revoked is no more.
     *
     * @param ticket as in the command
     */
    record Revoked(long ticket) implements HoldEvent {}

    /**
     * A command failed; it may have been done.
     *
     * @param ticket as in the command
     * @param trouble why
     */
    record Failed(long ticket, Trouble trouble) implements HoldEvent {}

    /**
     * The rest is over.
     *
     * @param ticket as in the command
     */
    record Rested(long ticket) implements HoldEvent {}

    /** The time has come that {@link Holding#due} gave. */
    record Due() implements HoldEvent {}

    /** It is to be given back. */
    record Close() implements HoldEvent {}

    /** The connection is closed. */
    record End() implements HoldEvent {}
}
