package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import org.jspecify.annotations.Nullable;

/**
 * One event of a watch.
 *
 * @param key the key
 * @param revision the revision that wrote or deleted it
 * @param item what it holds since; null if it was deleted
 */
public record Change(Key key, long revision, @Nullable Item item) {
    /** Whether a key that holds this, as of the change, has been left so by it. */
    boolean leaves(@Nullable Item held) {
        return item == null ? held == null : held != null && held.sameWrite(item);
    }

    /** Whether the change is the next one of a key that holds this: etcd counts the writes of a key since it was created. */
    boolean continues(@Nullable Item held) {
        if (item == null) {
            return held != null;
        }
        return held == null
                ? item.version() == 1
                : item.version() == held.version() + 1 && item.createRevision() == held.createRevision();
    }
}
