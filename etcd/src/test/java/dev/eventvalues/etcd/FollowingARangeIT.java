package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a consumer of a range is told, while nothing fails. */
class FollowingARangeIT extends ThreeMembers {
    private final EtcdKeys keys = own(client());
    private final WritableEtcdRange<String> range = keys.prefix("", Codec.utf8());

    @Test
    void aWatcherIsToldTheWholeRangeAndThenItsChanges() throws Exception {
        put("a", "one");
        long before = put("b", "two");
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            Snapshot<String> first = next(watcher);
            assertThat(text(first)).isEqualTo(Map.of("a", "one", "b", "two"));
            assertThat(first.revision()).isGreaterThanOrEqualTo(before);
            long after = put("c", "three");
            Snapshot<String> second = next(watcher);
            assertThat(text(second)).isEqualTo(Map.of("a", "one", "b", "two", "c", "three"));
            assertThat(second.revision()).isEqualTo(after);
            assertThat(text(first)).as("the old snapshot").hasSize(2);
        }
    }

    @Test
    void onlyKeysFromTheFirstUpToTheEndAreInARange() throws Exception {
        for (String name : List.of("a", "b", "b\0", "c", "d")) {
            put(name, name);
        }
        EtcdRange<String> some = keys.range("b", "c", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = some.watch()) {
            assertThat(next(watcher).values()).containsOnlyKeys(Key.of("b"), Key.of("b\0"));
            put("c", "not in it");
            put("a", "not in it");
            put("bb", "in it");
            assertThat(next(watcher).values()).containsOnlyKeys(Key.of("b"), Key.of("b\0"), Key.of("bb"));
        }
    }

    @Test
    void anEmptyRangeIsKnownToBeEmpty() throws Exception {
        try (Watcher<Snapshot<String>> watcher = range.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertThat(next(watcher).values()).isEmpty();
            assertThat(next(changes).changes()).isEmpty();
            put("a", "one");
            assertThat(text(next(watcher))).isEqualTo(Map.of("a", "one"));
            assertThat(next(changes).changes()).containsExactly(new Change.Added<>(Key.of("a"), "one"));
        }
    }

    @Test
    void aRemovalIsToldAsAMissingKeyAndAsAChange() throws Exception {
        put("a", "one");
        put("b", "two");
        try (Watcher<Snapshot<String>> watcher = range.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            next(watcher);
            assertThat(next(changes).changes())
                    .containsExactly(new Change.Added<>(Key.of("a"), "one"), new Change.Added<>(Key.of("b"), "two"));
            delete("b");
            assertThat(text(next(watcher))).isEqualTo(Map.of("a", "one"));
            Changes<String> removal = next(changes);
            assertThat(removal.changes()).containsExactly(new Change.Removed<>(Key.of("b"), "two"));
            assertThat(removal.resync()).isFalse();
            assertThat(text(removal.after())).isEqualTo(Map.of("a", "one"));
        }
    }

    @Test
    void theFirstDeliveryIsCompleteAtOneRevisionWithoutLaterPuts() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("k" + i, "before");
        }
        Stage stage = new Stage();
        EtcdRange<String> paged =
                own(client(settings().pageSize(2).seam(stage))).prefix("", Codec.utf8());
        stage.hold(command -> command.ticket() > 1);
        try (Watcher<Snapshot<String>> watcher = paged.watch()) {
            Stage.Performance secondPage = stage.awaitHeld(); // the first has come
            long pinned = cluster.revision();
            put("k0", "later");
            put("k4", "later");
            put("k5", "later");
            delete("k3");
            secondPage.release();
            stage.awaitHeld().release(); // the third
            Stage.Performance follow = stage.awaitHeld();
            Snapshot<String> first = next(watcher);
            assertThat(first.revision()).isEqualTo(pinned);
            assertThat(text(first))
                    .hasSize(5)
                    .allSatisfy((key, value) -> assertThat(value).isEqualTo("before"));
            stage.quiet();
            follow.release();
            Snapshot<String> second = watcher.next(snapshot -> snapshot.values().containsKey(Key.of("k5")), BOUND);
            assertThat(text(second)).isEqualTo(held());
        }
    }

    @Test
    void aBacklogIsCompactedToOneEntryAKey() throws Exception {
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            assertThat(next(watcher).changes()).isEmpty();
            long last = 0;
            for (int i = 1; i <= 20; i++) {
                for (int key = 0; key < 10; key++) {
                    last = put("k" + key, String.valueOf(i));
                }
            }
            awaitTakenIn(range, last);
            Changes<String> backlog = next(watcher);
            assertThat(backlog.changes()).hasSize(10);
            for (int key = 0; key < 10; key++) {
                assertThat(backlog.changes().get(key)).isEqualTo(new Change.Added<>(Key.of("k" + key), "20"));
            }
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void changesTellTheValueOfTheLastDeliveryAndTheOneNow() throws Exception {
        put("a", "one");
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            put("a", "two");
            awaitTakenIn(range, put("a", "three"));
            assertThat(next(watcher).changes()).containsExactly(new Change.Updated<>(Key.of("a"), "one", "three"));
        }
    }

    /** A flaw of the original: it told consumers of the removal of keys that they had never seen, and what they knew. */
    @Test
    void whatCameAndWentUnseenAndWhatWasUndoneIsNotTold() throws Exception {
        put("a", "A");
        try (Watcher<Snapshot<String>> watcher = range.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            next(watcher);
            next(changes);
            put("a", "B");
            put("b", "unseen");
            put("a", "A");
            awaitTakenIn(range, delete("b"));
            assertThat(watcher.poll()).isEmpty();
            assertThat(changes.poll()).isEmpty();
        }
    }

    /** A flaw of the original: it took empty for absent. */
    @Test
    void emptyValuesComeAndGoLikeAnyOther() throws Exception {
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            put("a", "");
            Changes<String> created = next(watcher);
            assertThat(created.changes()).containsExactly(new Change.Added<>(Key.of("a"), ""));
            assertThat(created.after().get("a")).contains("");
            delete("a");
            assertThat(next(watcher).changes()).containsExactly(new Change.Removed<>(Key.of("a"), ""));
        }
    }

    /** A flaw of the original: it gave one key at a time, so half of a transaction could be seen. */
    @Test
    void aSnapshotNeverShowsHalfOfATransaction() throws Exception {
        List<String> names = List.of("a", "b", "c", "d", "e");
        AtomicBoolean writing = new AtomicBoolean(true);
        Call<Integer> writer = Call.of(() -> {
            int round = 0;
            while (writing.get()) {
                String now = String.valueOf(++round);
                cluster.transaction(all -> names.forEach(name -> all.put(key(name), now)));
                cluster.transaction(all -> names.forEach(name -> all.delete(key(name))));
            }
            return round;
        });
        int whole = 0;
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            for (int i = 0; i < 200; i++) {
                if (i % 50 == 25) {
                    cluster.cutClients();
                }
                Snapshot<String> snapshot = next(watcher);
                assertThat(snapshot.values().size())
                        .as("keys at %s", snapshot.revision())
                        .isIn(0, names.size());
                assertThat(List.copyOf(snapshot.values().values()).stream().distinct())
                        .hasSizeLessThanOrEqualTo(1);
                whole += snapshot.values().isEmpty() ? 0 : 1;
            }
        } finally {
            writing.set(false);
        }
        assertThat(writer.result()).isPositive();
        assertThat(whole).isPositive();
    }

    @Test
    void oneTransactionIsOneDelivery() throws Exception {
        put("a", "one");
        put("b", "two");
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            cluster.transaction(
                    all -> all.delete(key("a")).put(key("b"), "three").put(key("c"), "four"));
            assertThat(next(watcher).changes())
                    .containsExactly(
                            new Change.Removed<>(Key.of("a"), "one"),
                            new Change.Updated<>(Key.of("b"), "two", "three"),
                            new Change.Added<>(Key.of("c"), "four"));
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void aKeyOfARangeIsAValueThatCanBeWritten() throws Exception {
        WritableEtcdValue<String> one = range.at("a");
        try (Watcher<Optional<String>> watcher = one.watch()) {
            assertThat(next(watcher)).isEmpty();
            long revision = one.set("one");
            assertNext(watcher, "one");
            assertThat(held()).isEqualTo(Map.of("a", "one"));
            assertThat(range.await(BOUND).entry("a").orElseThrow().modRevision())
                    .isEqualTo(revision);
            put("b", "another");
            awaitTakenIn(range, put("b", "key"));
            assertThat(watcher.poll()).isEmpty();
            assertThat(one.delete()).isTrue();
            assertThat(next(watcher)).isEmpty();
        }
    }

    @Test
    void aSnapshotHasEtcdsAccountsOfEachKey() throws Exception {
        put("a", "one");
        put("a", "two");
        KeyValue held = cluster.entry(key("a")).orElseThrow();
        Snapshot<String> snapshot = range.await(BOUND);
        assertThat(snapshot.entry("a"))
                .contains(new Entry<>(
                        Key.of("a"), "two", held.createRevision(), held.modRevision(), held.version(), held.lease()));
        assertThat(snapshot.entry("b")).isEmpty();
        assertThat(snapshot.get("b")).isEmpty();
        assertThat(snapshot.epoch()).isEqualTo(1);
    }

    // ---- decoders

    @Test
    void aKeyThatCannotBeDecodedIsListedAndTheRestGoesOn() throws Exception {
        EtcdRange<Integer> numbers = keys.prefix("", (Decoder<Integer>) FollowingARangeIT::number);
        put("a", "1");
        put("b", "2");
        try (Watcher<Snapshot<Integer>> watcher = numbers.watch();
                Watcher<Changes<Integer>> changes = numbers.changes().watch()) {
            assertThat(next(watcher).undecodable()).isEmpty();
            next(changes);

            long bad = put("b", "secret");
            Snapshot<Integer> snapshot = next(watcher);
            assertThat(snapshot.values()).isEqualTo(new TreeMap<>(Map.of(Key.of("a"), 1)));
            assertThat(snapshot.get("b")).isEmpty();
            assertThat(snapshot.entry("b")).isEmpty();
            assertThat(snapshot.undecodable()).containsOnlyKeys(Key.of("b"));
            DecodeException failure = snapshot.undecodable().get(Key.of("b"));
            assertThat(failure.key()).isEqualTo(Key.of("b"));
            assertThat(failure.revision()).isEqualTo(bad);
            assertThat(failure.getMessage()).doesNotContain("secret");
            assertThat(next(changes).changes()).containsExactly(new Change.Removed<>(Key.of("b"), 2));

            put("a", "3");
            assertThat(next(watcher).undecodable()).containsOnlyKeys(Key.of("b"));
            assertThat(next(changes).changes()).containsExactly(new Change.Updated<>(Key.of("a"), 1, 3));

            put("b", "4");
            assertThat(next(watcher).undecodable()).isEmpty();
            assertThat(next(changes).changes()).containsExactly(new Change.Added<>(Key.of("b"), 4));
        }
    }

    @Test
    void aKeyThatCannotBeDecodedAndIsRemovedIsNoLongerListed() throws Exception {
        EtcdRange<Integer> numbers = keys.prefix("", (Decoder<Integer>) FollowingARangeIT::number);
        put("b", "bad");
        try (Watcher<Snapshot<Integer>> watcher = numbers.watch()) {
            assertThat(next(watcher).undecodable()).containsOnlyKeys(Key.of("b"));
            delete("b");
            assertThat(next(watcher).undecodable()).isEmpty();
        }
    }

    @Test
    void aKeyThatCannotBeDecodedAndCameAndWentUnseenIsNotTold() throws Exception {
        EtcdRange<Integer> numbers = keys.prefix("", (Decoder<Integer>) FollowingARangeIT::number);
        put("a", "bad");
        try (Watcher<Snapshot<Integer>> watcher = numbers.watch()) {
            assertThat(next(watcher).undecodable()).containsOnlyKeys(Key.of("a"));
            awaitTakenIn(numbers, put("b", "bad")); // looks, so it has been decoded
            awaitTakenIn(numbers, delete("b"));
            assertThat(watcher.poll()).isEmpty();
            awaitTakenIn(numbers, put("a", "good for nothing"));
            awaitTakenIn(numbers, put("a", "bad"));
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void aDecoderThatReturnsNullMakesAKeyUndecodable() throws Exception {
        EtcdRange<String> nothing = keys.prefix("", (Decoder<String>) (key, bytes) -> null);
        put("a", "one");
        assertThat(nothing.await(BOUND).undecodable()).containsOnlyKeys(Key.of("a"));
    }

    @Test
    void anErrorOfADecoderMakesAKeyUndecodable() throws Exception {
        EtcdRange<String> range = keys.prefix("", (Decoder<String>) (key, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.equals("deep")) {
                throw new StackOverflowError("of the decoder");
            }
            return text;
        });
        put("a", "deep");
        put("b", "two");
        Snapshot<String> snapshot = range.await(BOUND);
        assertThat(snapshot.undecodable()).containsOnlyKeys(Key.of("a"));
        assertThat(text(snapshot)).isEqualTo(Map.of("b", "two"));
    }

    @Test
    void aConsumerThatWritesIntoItsBytesDisturbsNobody() throws Exception {
        EtcdRange<byte[]> bytes = keys.prefix("", Codec.bytes());
        put("a", "one");
        try (Watcher<Changes<byte[]>> watcher = bytes.changes().watch()) {
            Changes<byte[]> first = next(watcher);
            scribble(first.after().get("a").orElseThrow());
            scribble(first.after().values().get(Key.of("a")));
            first.after().values().values().forEach(FollowingARangeIT::scribble);
            scribble(((Change.Added<byte[]>) first.changes().get(0)).value());
            scribble(first.after().entry("a").orElseThrow().value());
            assertThat(first.after().get("a").orElseThrow()).asString().isEqualTo("one");
            assertThat(bytes.await(BOUND).get("a").orElseThrow()).asString().isEqualTo("one");
            put("a", "XXX");
            Change.Updated<byte[]> update =
                    (Change.Updated<byte[]>) next(watcher).changes().get(0);
            assertThat(update.before()).asString().isEqualTo("one");
            assertThat(update.after()).asString().isEqualTo("XXX");
        }
    }

    private static void scribble(byte[] bytes) {
        System.arraycopy("XXX".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 3);
    }

    private static Integer number(Key key, byte[] bytes) {
        return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8));
    }
}
