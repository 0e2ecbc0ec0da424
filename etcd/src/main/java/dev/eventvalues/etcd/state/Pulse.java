package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/** How lately a connection has been proved. The machine only keeps it; it is read by whoever wants to know. */
@FunctionalInterface
public interface Pulse {
    /**
     * The newest proof.
     *
     * @return null before the first
     */
    @Nullable
    Proof last();

    /**
     * The standing of what the newest proof and all later ones prove. Very many feeds have it, so it should be the same
     * object until the next proof.
     *
     * @return null before the first proof
     */
    default @Nullable Standing standing() {
        Proof newest = last();
        return newest == null ? null : Standing.since(newest, this);
    }
}
