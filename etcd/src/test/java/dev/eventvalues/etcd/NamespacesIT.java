package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Names: with and without a namespace, text and any bytes. */
class NamespacesIT extends ThreeMembers {
    private final EtcdValues values = client();

    @Test
    void keysAreNamedWithoutTheNamespace() throws Exception {
        EtcdKeys tenant = own(values).namespace("tenant/");
        WritableEtcdValue<String> value = tenant.value("a", Codec.utf8());
        WritableEtcdRange<String> range = tenant.prefix("", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            next(watcher);
            next(changes);
            value.set("one");
            assertThat(held()).isEqualTo(Map.of("tenant/a", "one"));
            assertThat(next(watcher).values()).containsOnlyKeys(Key.of("a"));
            assertThat(next(changes).changes()).containsExactly(new Change.Added<>(Key.of("a"), "one"));
            assertThat(value.entries().await(BOUND).orElseThrow().key()).isEqualTo(Key.of("a"));
            range.at("b").set("two");
            assertThat(held()).containsEntry("tenant/b", "two");
            assertThat(next(watcher).get("b")).contains("two");
            put("another tenant/a", "not ours");
            put("tenantless", "not ours");
            assertThat(range.await(BOUND).values()).hasSize(2);
            assertThat(range.at("a").delete()).isTrue();
            assertThat(held()).doesNotContainKey("tenant/a");
        }
    }

    @Test
    void namespacesNest() throws Exception {
        EtcdValues inNamespace = client(settings().namespace(prefix));
        EtcdKeys nested = inNamespace.namespace("a/").namespace("b/");
        nested.value("c", Codec.utf8()).set("one");
        assertThat(held()).isEqualTo(Map.of("a/b/c", "one"));
        assertThat(text(inNamespace.prefix("a/", Codec.utf8()).await(BOUND))).isEqualTo(Map.of("a/b/c", "one"));
        assertThat(text(nested.prefix("", Codec.utf8()).await(BOUND))).isEqualTo(Map.of("c", "one"));
        assertThat(text(nested.range("b", "d", Codec.utf8()).await(BOUND))).isEqualTo(Map.of("c", "one"));
    }

    @Test
    void aNamespaceNeedsNoSeparator() throws Exception {
        EtcdKeys keys = own(values).namespace("a");
        put("a", "the key that is the namespace itself");
        put("ab", "one");
        Snapshot<String> snapshot = keys.prefix("", Codec.utf8()).await(BOUND);
        assertThat(snapshot.values()).containsOnlyKeys(Key.of(""), Key.of("b"));
        assertThat(keys.value("b", Codec.utf8()).await(BOUND)).contains("one");
    }

    @Test
    void keysOfAnyBytesAreExactAndInUnsignedOrder() throws Exception {
        byte[][] names = {{0}, {0, 0}, {0, (byte) 0xff}, {1}, {0x7f}, {(byte) 0x80}, {(byte) 0xff}, {(byte) 0xff, 0}};
        EtcdKeys keys = own(values);
        WritableEtcdRange<String> range = keys.prefix("", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            for (int i = 0; i < names.length; i++) {
                keys.value(Key.of(names[i]), Codec.utf8()).set(String.valueOf(i));
                byte[] full = full(names[i]);
                assertThat(cluster.get(full).orElseThrow()).asString().isEqualTo(String.valueOf(i));
            }
            Snapshot<String> snapshot = watcher.next(all -> all.values().size() == names.length, BOUND);
            assertThat(snapshot.values().keySet().stream().map(Key::bytes).toArray(byte[][]::new))
                    .isDeepEqualTo(names);
            for (int i = 0; i < names.length; i++) {
                EtcdValue<String> value = keys.value(Key.of(names[i]), Codec.utf8());
                assertThat(value.await(BOUND)).contains(String.valueOf(i));
                assertThat(snapshot.get(Key.of(names[i]))).contains(String.valueOf(i));
                assertThat(range.at(Key.of(names[i])).await(BOUND)).contains(String.valueOf(i));
            }
        }
    }

    @Test
    void aKeyIsNotMistakenForItsNeighbours() throws Exception {
        EtcdKeys keys = own(values);
        try (Watcher<Optional<String>> watcher = keys.value("a", Codec.utf8()).watch()) {
            assertThat(next(watcher)).isEmpty();
            put("a\0", "the next key there is");
            put("`", "the one before");
            put("aa", "a longer one");
            put("a", "one");
            assertNext(watcher, "one");
        }
    }

    @Test
    void aPrefixOfTheHighestBytesHasNoEnd() throws Exception {
        byte[] highest = {(byte) 0xff, (byte) 0xff};
        byte[] name = {(byte) 0xff, (byte) 0xff, 'a'};
        byte[] beyond = {(byte) 0xff, (byte) 0xff, (byte) 0xff};
        byte[] before = {(byte) 0xff, (byte) 0xfe};
        EtcdRange<String> range = values.prefix(Key.of(highest), Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            assertThat(next(watcher).values()).isEmpty();
            cluster.put(before, bytes("not in it"));
            cluster.put(name, bytes("one"));
            assertThat(next(watcher).values()).isEqualTo(new TreeMap<>(Map.of(Key.of(name), "one")));
            cluster.put(beyond, bytes("two"));
            assertThat(next(watcher).values()).containsOnlyKeys(Key.of(name), Key.of(beyond));
            cluster.delete(name);
            assertThat(next(watcher).values()).containsOnlyKeys(Key.of(beyond));
        }
    }

    @Test
    void aNamespaceOfTheHighestBytesEndsWhereItsKeysDo() throws Exception {
        EtcdKeys keys = values.namespace(Key.of(new byte[] {(byte) 0xff}));
        WritableEtcdRange<String> range = keys.prefix("", Codec.utf8());
        range.at("a").set("one");
        assertThat(range.await(BOUND).values()).containsOnlyKeys(Key.of("a"));
        assertThat(cluster.get(new byte[] {(byte) 0xff, 'a'})).isPresent();
    }

    @Test
    void theEmptyPrefixIsThatOfEveryKey() throws Exception {
        EtcdRange<String> everything = values.prefix("", Codec.utf8());
        put("a", "one");
        try (Watcher<Snapshot<String>> watcher = everything.watch()) {
            assertThat(text(next(watcher))).isEqualTo(cluster.getPrefix(""));
            cluster.put(new byte[] {0}, bytes("first"));
            assertThat(text(next(watcher))).hasSize(2);
            cluster.put(new byte[] {(byte) 0xff, (byte) 0xff}, bytes("last"));
            assertThat(text(next(watcher))).hasSize(3);
        }
    }

    @Test
    void aPrefixEndsWithItsLastByteThatCanGrow() throws Exception {
        byte[] start = {'p', (byte) 0xff};
        EtcdRange<String> range = own(values).prefix(Key.of(start), Codec.utf8());
        cluster.put(full(new byte[] {'p', (byte) 0xff, (byte) 0xff}), bytes("in it"));
        cluster.put(full(new byte[] {'q'}), bytes("not in it"));
        cluster.put(full(new byte[] {'p', (byte) 0xfe, (byte) 0xff}), bytes("not in it"));
        assertThat(range.await(BOUND).values().values()).containsExactly("in it");
    }

    private byte[] full(byte[] name) {
        byte[] start = bytes(prefix);
        byte[] full = new byte[start.length + name.length];
        System.arraycopy(start, 0, full, 0, start.length);
        System.arraycopy(name, 0, full, start.length, name.length);
        return full;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
