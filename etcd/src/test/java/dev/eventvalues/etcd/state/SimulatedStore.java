package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The little of etcd that the protocol can see: a history of revisions, compaction, and pages of a past revision. */
final class SimulatedStore {
    final long clusterId;
    final List<List<Change>> history = new ArrayList<>(); // at index i: revision i + 2, as etcd starts at 1
    final long term;
    long compacted;

    SimulatedStore(long clusterId, long term) {
        this.clusterId = clusterId;
        this.term = term;
    }

    Origin origin() {
        return new Origin(clusterId, revision(), term);
    }

    long revision() {
        return history.size() + 1L;
    }

    /** A transaction: pairs of key and value; null deletes. Deleting what is absent is not an event, as in etcd. */
    void write(Map<String, String> writes) {
        Map<Key, Item> state = at(revision());
        long revision = revision() + 1;
        List<Change> changes = new ArrayList<>();
        writes.forEach((name, value) -> {
            Key key = Key.of(name);
            Item held = state.get(key);
            if (value != null) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                changes.add(new Change(
                        key,
                        revision,
                        held == null
                                ? new Item(bytes, revision, revision, 1, 0)
                                : new Item(bytes, held.createRevision(), revision, held.version() + 1, 0)));
            } else if (held != null) {
                changes.add(new Change(key, revision, null));
            }
        });
        if (!changes.isEmpty()) {
            history.add(changes);
        }
    }

    SortedMap<Key, Item> at(long revision) {
        TreeMap<Key, Item> state = new TreeMap<>();
        for (long i = 2; i <= revision; i++) {
            for (Change change : changesOf(i)) {
                if (change.item() == null) {
                    state.remove(change.key());
                } else {
                    state.put(change.key(), change.item());
                }
            }
        }
        return state;
    }

    List<Change> changesOf(long revision) {
        return history.get((int) revision - 2);
    }
}
