package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What etcd tells, and what is known then, in few words. */
final class Told {
    private Told() {}

    static Map<String, String> known(Known known) {
        assertThat(known.items()).as("what is known").isNotNull();
        Map<String, String> shown = new TreeMap<>();
        known.items().forEach((key, item) -> shown.put(key.toString(), text(item)));
        return shown;
    }

    static String text(Item item) {
        return new String(item.value(), StandardCharsets.UTF_8);
    }

    static Map.Entry<Key, Item> item(String key, String value, long revision) {
        return Map.entry(Key.of(key), new Item(value.getBytes(StandardCharsets.UTF_8), revision, revision, 1, 0));
    }

    static Item counted(String value, long created, long revision, long version) {
        return new Item(value.getBytes(StandardCharsets.UTF_8), created, revision, version, 0);
    }

    static Change put(String key, String value, long revision) {
        return new Change(Key.of(key), revision, item(key, value, revision).getValue());
    }

    /** Changes as etcd tells them: each put counts on from what the key holds. */
    static List<Change> continuing(Known known, Change... changes) {
        Tree<Item> items = known.items();
        List<Change> told = new ArrayList<>();
        for (Change change : changes) {
            Item put = change.item();
            Item held = items == null ? null : items.get(change.key());
            boolean next = put != null && held != null && change.revision() > held.modRevision();
            Item counted =
                    next ? new Item(put.value(), held.createRevision(), change.revision(), held.version() + 1, 0) : put;
            told.add(new Change(change.key(), change.revision(), counted));
            if (items != null && change.revision() > known.revision()) {
                items = counted == null ? items.remove(change.key()) : items.put(change.key(), counted);
            }
        }
        return told;
    }

    /** The answer to a reading of what is known at its own revision, by a store that holds it. */
    static Event.Page again(Known known, Command command) {
        assertThat(command)
                .isInstanceOfSatisfying(
                        Command.Read.class, read -> assertThat(read.revision()).isEqualTo(known.revision()));
        List<Map.Entry<Key, Item>> items = new ArrayList<>();
        known.items().forEach((key, item) -> items.add(Map.entry(key, item)));
        Origin origin = new Origin(known.origin().clusterId(), known.revision());
        return new Event.Page(command.ticket(), origin, items, false, 1);
    }

    static Change delete(String key, long revision) {
        return new Change(Key.of(key), revision, null);
    }
}
