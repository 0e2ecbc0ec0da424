package dev.eventvalues.cli;

import dev.eventvalues.etcd.Change;
import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Entry;
import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that {@code ev watch} tells.
 *
 * @param type what
 * @param key of which key; for {@link Type#NONE} with which prefix
 * @param value the value, null if the type has none
 * @param revision the revision that wrote the value; without a value, one at which the key was seen to be absent
 */
record Event(Type type, Content key, @Nullable Content value, long revision) {
    /** What happened. */
    enum Type {
        /** The key is there at the start. */
        PRESENT,
        /** The key was not there before. */
        ADDED,
        /** The key had another value before. */
        UPDATED,
        /** The key is no longer there. */
        REMOVED,
        /** The key is not there at the start. */
        ABSENT,
        /** No key with the prefix is there at the start. */
        NONE
    }

    /** The keys that are there at the start. */
    static List<Event> ofStart(Changes<Content> first) {
        return first.changes().stream()
                .map(change -> valued(Type.PRESENT, change.key(), first))
                .toList();
    }

    /** What has changed since. */
    static List<Event> of(Changes<Content> changes) {
        Function<Change<Content>, Event> event = change -> change instanceof Change.Removed
                ? new Event(
                        Type.REMOVED,
                        new Content(change.key()),
                        null,
                        changes.after().revision())
                : valued(change instanceof Change.Added ? Type.ADDED : Type.UPDATED, change.key(), changes);
        return changes.changes().stream().map(event).toList();
    }

    private static Event valued(Type type, Key key, Changes<Content> changes) {
        Entry<Content> entry = changes.after().entry(key).orElseThrow();
        return new Event(type, new Content(key), entry.value(), entry.modRevision());
    }
}
