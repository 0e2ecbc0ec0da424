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
}
