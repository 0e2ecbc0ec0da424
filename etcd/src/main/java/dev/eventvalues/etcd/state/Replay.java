package dev.eventvalues.etcd.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch that is resumed before the last complete revision has to tell first: what we know already. A store that tells
 * something else is another one: a backup that lacks what we know was restored, and has overtaken us before we met it.
 *
 * <p>Of a store that has just been read nothing is demanded, for it is that store. If a server takes its time to catch up, to
 * read again would make it slower still.
 *
 * @param from the first revision that comes again
 * @param writes how many keys were last written since then, up to the last complete revision
 */
record Replay(long from, int writes) {
    /**
     * What has to come.
     *
     * @return null if nothing that is known was written since then
     */
    static @Nullable Replay of(Known known, long from) {
        Tree<Item> items = known.items();
        var found = new Object() {
            int writes;
        };
        if (items != null) {
            items.forEach((key, item) -> found.writes += item.modRevision() >= from ? 1 : 0);
        }
        return found.writes == 0 ? null : new Replay(from, found.writes);
    }

    /** Nothing has to come; but if the last complete revision does, it has to be as it was. */
    static Replay ofNothing(Known known) {
        return new Replay(known.revision(), 0);
    }

    /** Whether changes tell of a history that is not ours. They are the first since the watch began. */
    boolean isContradictedBy(List<Change> changes, Known known, Span span) {
        Tree<Item> items = known.items();
        if (items == null) {
            return false;
        }
        int confirmed = 0;
        for (Change change : changes) {
            if (change.revision() >= from && change.revision() <= known.revision() && span.contains(change.key())) {
                if (!change.leaves(items.get(change.key()))) {
                    return true;
                }
                confirmed += change.item() == null ? 0 : 1;
            }
        }
        return confirmed < writes;
    }
}
