package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More than fits into a response, or a page. */
class BigRangesIT extends ThreeMembers {
    private static final int OPERATIONS_OF_A_TRANSACTION = 125;
    private static final String A_MEGABYTE = "x".repeat(1_000_000);

    private final Stage stage = new Stage();

    /** A flaw of other clients: a response above gRPC's limit ended the watch, or every watch. */
    @Test
    void aHistoryThatComesInFragmentsIsOneDelivery() throws Exception {
        EtcdRange<String> range = own(client(settings().seam(stage))).prefix("", Codec.utf8());
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            stage.await(Event.Opened.class);
            stage.hold(Command.Follow.class);
            cluster.cutClients();
            Stage.Performance follow = stage.awaitHeld();
            for (int i = 0; i < 5; i++) {
                put("k" + i, A_MEGABYTE + i);
            }
            put("k0", "small");
            stage.quiet();
            follow.release();
            Changes<String> all = next(watcher);
            assertThat(stage.events(Event.Updated.class))
                    .as("a fragment that others follow")
                    .anyMatch(Event.Updated::fragment);
            assertThat(all.changes()).hasSize(5);
            assertThat(all.after().get("k0")).contains("small");
            for (int i = 1; i < 5; i++) {
                assertThat(all.after().get("k" + i).orElseThrow().equals(A_MEGABYTE + i))
                        .as("the value of k%s", i)
                        .isTrue();
            }
            put("k9", "last");
            assertThat(next(watcher).changes()).containsExactly(new Change.Added<>(Key.of("k9"), "last"));
        }
    }

    /** A flaw of the original in Java's terms: one answer with all keys is above gRPC's limit. */
    @Test
    void aRangeLargerThanGrpcsUsualLimitIsRead() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("k" + i, A_MEGABYTE + i);
        }
        assertThat(own(client()).prefix("", Codec.utf8()).await(BOUND).values()).hasSize(5);
    }

    @Test
    void aHundredThousandKeysAreReadAndFollowedWithTheDefaultSettings() throws Exception {
        int count = 100_000;
        String value = "x".repeat(100);
        putAll(count, value);
        String[] endpoints = cluster.endpoints().toArray(String[]::new);
        EtcdValues values =
                EtcdValues.builder().endpoints(endpoints).seam(stage).build();
        try (values;
                Watcher<Snapshot<String>> watcher =
                        own(values).prefix("", Codec.utf8()).watch()) {
            Snapshot<String> all = watcher.next(Duration.ofMinutes(1));
            assertThat(all.values()).hasSize(count);
            assertThat(all.values().values()).allMatch(value::equals);
            put("k00000", "changed");
            assertThat(next(watcher).get("k00000")).contains("changed");
        }
        assertThat(stage.commands(Command.Read.class))
                .as("pages, which grow, or else there were a hundred; a busy machine may have to ask again")
                .hasSizeLessThan(50);
        cluster.deletePrefix(prefix);
    }

    /** The largest values that etcd takes, read in one response and told in one. */
    @Test
    void threeValuesOfAMegabyteAndAHalfComeInOneResponse() throws Exception {
        String largest = "x".repeat(1_500_000);
        for (String name : List.of("a", "b", "c")) {
            put(name, largest);
        }
        try (Watcher<Snapshot<String>> watcher =
                own(client(settings().seam(stage))).prefix("", Codec.utf8()).watch()) {
            assertThat(next(watcher).values().values()).hasSize(3).allMatch(largest::equals);
            assertThat(stage.events(Event.Page.class)).hasSize(1);
            stage.await(Event.Opened.class);
            stage.hold(Command.Follow.class);
            cluster.cutClients();
            Stage.Performance follow = stage.awaitHeld();
            String other = "y".repeat(1_500_000);
            for (String name : List.of("a", "b", "c")) {
                put(name, other);
            }
            stage.quiet();
            follow.release();
            assertThat(next(watcher).values().values()).hasSize(3).allMatch(other::equals);
        }
    }

    /** Nobody knows what the keys ahead hold before they have been read. */
    @Test
    void largeValuesBehindManySmallOnesAreReadInSmallerPages() throws Exception {
        int large = 50;
        String largest = "x".repeat(1_500_000);
        putAll(1_500, "small");
        for (int i = 0; i < large; i++) {
            put("large " + i, largest);
        }
        Snapshot<String> all =
                own(client(settings().seam(stage))).prefix("", Codec.utf8()).await(BOUND);
        assertThat(all.values()).hasSize(1_500 + large);
        assertThat(all.values().tailMap(Key.of("large")).values())
                .hasSize(large)
                .allMatch(largest::equals);
        assertThat(stage.events(Event.Oversized.class)).isNotEmpty();
        assertThat(stage.commands(Command.Read.class).stream()
                        .skip(1)
                        .map(Command.Read::revision)
                        .distinct())
                .as("the revisions of all pages but the first")
                .hasSize(1);
        cluster.deletePrefix(prefix);
    }

    @Test
    void aRangeOfManyPagesIsOneStateWhileWritersWrite() throws Exception {
        int count = 2_500;
        putAll(count, "before");
        put("first", "0");
        put("z last", "0");
        AtomicBoolean writing = new AtomicBoolean(true);
        Call<Integer> writer = Call.of(() -> {
            int round = 0;
            while (writing.get()) {
                String now = String.valueOf(++round);
                String added = "k added " + now;
                String removed = String.format("k%05d", (round * 37) % count);
                cluster.transaction(all -> all.put(key("first"), now)
                        .put(key("z last"), now)
                        .put(key(added), now)
                        .delete(key(removed)));
            }
            return round;
        });
        EtcdRange<String> range =
                own(client(settings().pageSize(100).seam(stage))).prefix("", Codec.utf8());
        int added = 0;
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            for (int i = 0; i < 20; i++) {
                Snapshot<String> snapshot = next(watcher);
                assertThat(snapshot.get("z last")).isEqualTo(snapshot.get("first"));
                int round = Integer.parseInt(snapshot.get("first").orElseThrow());
                added = (int) snapshot.values().keySet().stream()
                        .filter(key -> key.toString().startsWith("k added"))
                        .count();
                assertThat(added).as("keys added in %s rounds", round).isEqualTo(round);
                assertThat(snapshot.values()).hasSize(count + 2 + added - Math.min(round, count));
            }
            writing.set(false);
            int rounds = writer.result();
            Optional<String> last = Optional.of(String.valueOf(rounds));
            Snapshot<String> end = range.await(snapshot -> snapshot.get("first").equals(last), BOUND);
            assertThat(text(end)).isEqualTo(held());
        } finally {
            writing.set(false);
        }
        List<Command.Read> pages = stage.commands(Command.Read.class);
        assertThat(pages).hasSizeGreaterThanOrEqualTo(count / 100);
        assertThat(pages.stream().skip(1).map(Command.Read::revision).distinct())
                .as("the revisions of all pages but the first")
                .hasSize(1);
        assertThat(added).isPositive();
    }

    @Test
    void aBigRangeThatWasCompactedWhileDisconnectedIsToldAsItsDifference() throws Exception {
        int count = 1_000;
        putAll(count, "before");
        EtcdRange<String> range = own(client(settings().pageSize(100))).prefix("", Codec.utf8());
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            assertThat(next(watcher).changes()).hasSize(count);
            loseClients();
            delete("k00500");
            put("k00501", "after");
            put("k00501 and more", "new");
            put("k00502", "before");
            cluster.compact();
            cluster.healClients();
            Changes<String> difference = next(watcher);
            assertThat(difference.changes())
                    .containsExactly(
                            new Change.Removed<>(Key.of("k00500"), "before"),
                            new Change.Updated<>(Key.of("k00501"), "before", "after"),
                            new Change.Added<>(Key.of("k00501 and more"), "new"));
            SortedMap<String, String> expected = held();
            assertThat(text(difference.after())).isEqualTo(expected);
        }
    }

    private void putAll(int count, String value) {
        for (int start = 0; start < count; start += OPERATIONS_OF_A_TRANSACTION) {
            int from = start;
            cluster.transaction(all -> IntStream.range(from, from + OPERATIONS_OF_A_TRANSACTION)
                    .forEach(i -> all.put(key(String.format("k%05d", i)), value)));
        }
    }
}
