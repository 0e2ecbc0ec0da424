package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster has agreed on, from its beginning (or from the backup that it was restored from) until another store
 * takes its place: a log of transactions, compactions and elections, and what was held at each revision. This is the truth
 * that everything shown is compared with; it uses none of the product's trees.
 *
 * <p>Changed by one thread.
 */
final class Store {
    /**
     * What a member knows that has applied the log up to some entry.
     *
     * @param revision its newest revision
     * @param term the term of that entry
     * @param compacted what is before this revision is forgotten
     */
    record Head(long revision, long term, long compacted) {}

    /**
     * A part of a transaction.
     *
     * @param key which
     * @param value null to delete the key
     */
    record Write(int key, @Nullable String value) {}

    /** Counts the stores. */
    final int number;

    private final long clusterId;
    private final List<Head> log = new ArrayList<>();

    /** At index i, what was held at revision i + 1; etcd starts at revision 1, with nothing. */
    private final List<@Nullable Item[]> states = new ArrayList<>();

    /** At index i, what revision i + 2 changed, and when. */
    private final List<List<Change>> changes = new ArrayList<>();

    private final List<Long> times = new ArrayList<>();

    private Store(int number, long clusterId, long term) {
        this.number = number;
        this.clusterId = clusterId;
        log.add(new Head(1, term, 0));
        states.add(new Item[Keys.COUNT]);
    }

    /** A new cluster. */
    static Store empty(int number, long clusterId, long term) {
        return new Store(number, clusterId, term);
    }

    /**
     * A cluster that goes on from a backup of this one, under the same id.
     *
     * @param revision of the backup
     * @param elections how many more its log has seen, or fewer
     */
    Store restored(long revision, long elections) {
        Store backup = new Store(number + 1, clusterId, head().term + elections);
        for (long i = 2; i <= revision; i++) {
            backup.commit(states.get((int) i - 1), changes.get((int) i - 2), times.get((int) i - 2));
        }
        return backup;
    }

    /** Another cluster, which has an id of its own. */
    Store replaced() {
        return new Store(number + 1, clusterId + 1, log.get(0).term);
    }

    Head head() {
        return log.get(log.size() - 1);
    }

    Head head(int applied) {
        return log.get(applied);
    }

    /** The index of the last entry. */
    int last() {
        return log.size() - 1;
    }

    long revision() {
        return head().revision;
    }

    Origin origin(Head head) {
        return new Origin(clusterId, head.revision, head.term);
    }

    /** Commits a transaction, unless it changes nothing: deleting what is absent does not. */
    boolean write(List<Write> writes, long now) {
        @Nullable Item[] state = states.get(states.size() - 1).clone();
        long revision = revision() + 1;
        List<Change> made = new ArrayList<>(writes.size());
        for (Write write : writes) {
            Item held = state[write.key];
            if (write.value != null) {
                byte[] bytes = write.value.getBytes(StandardCharsets.ISO_8859_1);
                state[write.key] = held == null
                        ? new Item(bytes, revision, revision, 1, 0)
                        : new Item(bytes, held.createRevision(), revision, held.version() + 1, 0);
            } else {
                state[write.key] = null;
            }
            if (held != null || write.value != null) {
                made.add(new Change(Keys.key(write.key), revision, state[write.key]));
            }
        }
        if (!made.isEmpty()) {
            commit(state, made, now);
        }
        return !made.isEmpty();
    }

    private void commit(@Nullable Item[] state, List<Change> made, long now) {
        Head head = head();
        states.add(state);
        changes.add(made);
        times.add(now);
        log.add(new Head(head.revision + 1, head.term, head.compacted));
    }

    void compact(long revision) {
        Head head = head();
        log.add(new Head(head.revision, head.term, Math.max(head.compacted, revision)));
    }

    void elect() {
        Head head = head();
        log.add(new Head(head.revision, head.term + 1, head.compacted));
    }

    /** Takes back what came behind an entry, so that a search can go another way. */
    void rewind(int applied) {
        long revision = log.get(applied).revision;
        log.subList(applied + 1, log.size()).clear();
        states.subList((int) revision, states.size()).clear();
        changes.subList((int) revision - 1, changes.size()).clear();
        times.subList((int) revision - 1, times.size()).clear();
    }

    /** What was held at a revision, by the number of the key. Not to be written to. */
    @Nullable
    Item[] at(long revision) {
        return states.get((int) revision - 1);
    }

    /** What a revision changed among some keys, as it comes over the wire. */
    List<Change> changes(long revision, int[] keys) {
        List<Change> all = changes.get((int) revision - 2);
        List<Change> some = new ArrayList<>(all.size());
        for (Change change : all) {
            if (isAmong(Keys.number(change.key()), keys)) {
                some.add(new Change(change.key(), revision, change.item() == null ? null : received(change.item())));
            }
        }
        return some;
    }

    /** Whether any of some keys was changed behind a revision and before a time. */
    boolean hasChanged(int[] keys, long behind, long before) {
        for (long revision = Math.max(behind + 1, 2);
                revision <= states.size() && times.get((int) revision - 2) < before;
                revision++) {
            for (Change change : changes.get((int) revision - 2)) {
                if (isAmong(Keys.number(change.key()), keys)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The answer to the reading of a page.
     *
     * @param ticket of the command
     * @param head how far the member has come that answers
     * @param keys of the span
     * @param from the first key of the page
     * @param pinned the revision to read at; 0 for the newest
     * @param size how many keys a page holds
     * @param session in which it was asked for
     */
    Event page(long ticket, Head head, int[] keys, Key from, long pinned, int size, long session) {
        long revision = pinned == 0 ? head.revision : pinned;
        if (revision > head.revision) {
            return new Event.Ahead(ticket);
        }
        if (revision < head.compacted) {
            return new Event.Compacted(ticket);
        }
        @Nullable Item[] state = at(revision);
        List<Map.Entry<Key, Item>> items = new ArrayList<>(keys.length);
        for (int key : keys) {
            Item item = state[key];
            if (item == null || Keys.key(key).compareTo(from) < 0) {
                continue;
            }
            if (items.size() == size) {
                return new Event.Page(ticket, origin(head), items, true, session);
            }
            items.add(Map.entry(Keys.key(key), received(item)));
        }
        return new Event.Page(ticket, origin(head), items, false, session);
    }

    /** Each answer brings objects of its own. */
    private static Item received(Item item) {
        return new Item(item.value(), item.createRevision(), item.modRevision(), item.version(), item.lease());
    }

    private static boolean isAmong(int key, int[] keys) {
        for (int each : keys) {
            if (each == key) {
                return true;
            }
        }
        return false;
    }
}
