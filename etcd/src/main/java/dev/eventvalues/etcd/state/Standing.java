package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/**
 * How far what is known is proved to be the newest there is.
 *
 * @param pulse of the connection that the watch runs on; null while there is no watch
 * @param since proofs of {@code pulse} that were sent before do not count
 * @param before the newest proof that counted until then; null if there was none
 * @param held whether no proof of {@code pulse} counts until the watch has told the rest of what it has begun to tell
 */
public record Standing(
        @Nullable Pulse pulse, long since, @Nullable Proof before, boolean held) {
    /** Of what has never been watched. */
    static final Standing NONE = new Standing(null, 0, null, false);

    /**
     * The newest proof that counts.
     *
     * @return null if there is none
     */
    public @Nullable Proof proof() {
        Proof newest = pulse == null || held ? null : pulse.last();
        return newest != null && newest.nanoTime() - since >= 0 ? newest : before;
    }

    /**
     * The standing of what a proof and all later ones prove.
     *
     * @param proof the first that counts
     * @param pulse of its connection
     * @return the standing
     */
    public static Standing since(Proof proof, Pulse pulse) {
        return new Standing(pulse, proof.nanoTime(), null, false);
    }

    /** A watch is up: its connection proves what is known. */
    Standing on(Pulse connection, long countingSince) {
        return new Standing(connection, countingSince, proof(), false);
    }

    /** Proofs have come: if the newest counts, all later ones do. */
    Standing proved() {
        Standing shared = pulse == null ? null : pulse.standing();
        return shared != null && shared.since - since >= 0 ? shared : on(since);
    }

    /** The watch has told the rest. */
    Standing on(long countingSince) {
        return new Standing(pulse, countingSince, proof(), false);
    }

    /** No watch is up. */
    Standing off() {
        return pulse == null ? this : new Standing(null, 0, proof(), false);
    }

    /** No proof counts until the watch has told the rest of what it has begun to tell. */
    Standing hold() {
        return new Standing(pulse, since, proof(), true);
    }
}
