package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Known;
import org.jspecify.annotations.Nullable;

/**
 * A door for the verification into what consumers of a range get: the product's own snapshots and differences, made as
 * {@link KeyRange} makes them, but of anything that claims to be known. Not thread-safe.
 */
public final class RangeView {
    private static final Keyspace WHOLE = whole();
    private static final Decoder<String> TEXT = (key, value) -> value.length == 0 ? "" : Codecs.UTF8.decode(key, value);

    /** All positions in a range share the newest snapshot that was decoded. */
    private RangeSnapshot<String> newest = RangeSnapshot.before(WHOLE, TEXT);

    /** What a consumer has been given. */
    public static final class Position {
        private @Nullable RangeSnapshot<String> delivered;

        /** What is given now; null if a consumer cannot tell the difference. */
        public @Nullable Changes<String> look(RangeView view, Known known) {
            RangeSnapshot<String> now = view.snapshot(known);
            Changes<String> changes = delivered == null ? now.asAdded() : now.since(delivered);
            delivered = now;
            return changes;
        }
    }

    private RangeSnapshot<String> snapshot(Known known) {
        RangeSnapshot<String> snapshot = newest.at(known);
        if (snapshot.isAfter(newest)) {
            newest = snapshot;
        }
        return snapshot;
    }

    @SuppressWarnings("NullAway") // a snapshot needs names only, no connection
    private static Keyspace whole() {
        return new Keyspace(null, Key.of(""));
    }
}
