package dev.eventvalues.testkit;

import java.time.Duration;

/**
 * Faults on the way between clients and a member, or all members. They are in force for connections made to
 * {@link Member#endpoint()}, not for those to {@link Member#directEndpoint()}.
 */
public sealed interface ClientFaults permits EtcdCluster, Member {
    /** Resets the open connections of clients. They can connect again at once. */
    void cutClients();

    /**
     * Resets the open connections of a member's clients once some more bytes have been sent to them, counted over all
     * of its connections. Happens once; a later call sets a new count. Clients receive at most that many bytes, and all
     * of them unless they have stopped reading.
     *
     * @param bytesToClient how many bytes still pass, may be 0
     */
    void cutClientsAfter(long bytesToClient);

    /** Refuses new connections of clients until healed. Open ones stay. */
    void refuseClients();

    /**
     * Passes nothing on, in either direction, until healed. Connections stay open, new ones are accepted, and nobody is
     * told when the other side ends one. What is held up is passed on when healed.
     */
    void blackHoleClients();

    /**
     * Passes on each piece of up to 64 KiB only after a delay, in both directions, until healed.
     *
     * @param delay the delay of each piece
     */
    void delayClients(Duration delay);

    /** Ends all faults on the way between clients and members, open connections stay. */
    void healClients();
}
