package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/**
 * How far what is known is proved to be the newest there is.
 *
 * @param pulse of the connection that the watch runs on; null while there is no watch
 * @param since proofs of {@code pulse} that were sent before do not count
 * @param before the newest proof that counted until then; null if there was none
 */
public record Standing(
        @Nullable Pulse pulse, long since, @Nullable Proof before) {
    /** Of what has never been watched. */
    static final Standing NONE = new Standing(null, 0, null);

    /**
     * The newest proof that counts.
     *
     * @return null if there is none
     */
    public @Nullable Proof proof() {
        Proof newest = pulse == null ? null : pulse.last();
        return newest != null && newest.nanoTime() - since >= 0 ? newest : before;
    }

    /** A watch is up: its connection proves what is known. */
    Standing on(Pulse connection, long countingSince) {
        return new Standing(connection, countingSince, proof());
    }

    /** No watch is up. */
    Standing off() {
        return pulse == null ? this : new Standing(null, 0, proof());
    }

    /** No proof counts until the watch has told the rest of what it has begun to tell. */
    Standing held() {
        Proof last = proof();
        return new Standing(() -> last, since, last);
    }
}
