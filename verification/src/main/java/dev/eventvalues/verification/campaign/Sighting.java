package dev.eventvalues.verification.campaign;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Something that a watcher was shown or told, in the order in which it was. Absent is null, empty is an empty text. */
sealed interface Sighting extends Serializable {
    /** Who was shown it. */
    String watcher();

    /** When, as {@link System#nanoTime} has it; on Linux all processes of a machine share that clock. */
    long nanos();

    /** A value, and the revision that wrote it. */
    record Held(String value, long modRevision) implements Serializable {
        @Override
        public String toString() {
            return value + "@" + modRevision;
        }
    }

    /**
     * The state of one key.
     *
     * @param modRevision 0 if it is absent, or was not told
     */
    record OfKey(
            String watcher,
            long nanos,
            String key,
            @Nullable String value,
            long modRevision) implements Sighting {}

    /** The state of the range. */
    record OfRange(String watcher, long nanos, long epoch, long revision, SortedMap<String, Held> held)
            implements Sighting {}

    /** What has changed in the range. */
    record OfChanges(String watcher, long nanos, List<Delta> deltas, OfRange after, boolean resync)
            implements Sighting {}

    /** How one key has changed. */
    record Delta(
            String key, @Nullable String before, @Nullable String after) implements Serializable {}

    /** A refusal. */
    record OfRefusal(String watcher, long nanos, String refusal) implements Sighting {}

    /** A failure that nobody should ever be told. */
    record OfSurprise(String watcher, long nanos, String failure) implements Sighting {}

    /** That the freshness is of another kind now. */
    record OfFreshness(String watcher, long nanos, boolean fresh, String told) implements Sighting {}

    /**
     * A state that was called fresh for a while.
     *
     * @param nanos when it was first seen to be called so
     * @param lastNanos when it was last seen to be
     * @param confirmedAt the latest proof that was named meanwhile
     * @param oldestMillis how long ago the proof was when it was at its oldest
     * @param key null for the range
     * @param state of the key, or of the range
     */
    record Claim(
            String watcher,
            long nanos,
            long lastNanos,
            Instant confirmedAt,
            long oldestMillis,
            @Nullable String key,
            SortedMap<String, String> state)
            implements Sighting {}
}
