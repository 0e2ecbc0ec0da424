package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.testkit.EtcdCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What consumers are told after their client could not reach etcd for a while. */
class LosingTheConnectionIT extends ThreeMembers {
    private final Stage stage = new Stage();
    private final EtcdKeys keys = own(client(settings().seam(stage)));
    private final EtcdValue<String> value = keys.value("a", Codec.utf8());
    private final EtcdRange<String> range = keys.prefix("", Codec.utf8());

    /** Does something while no client gets through, and perhaps removes the history of it. */
    private void meanwhile(boolean compacted, Runnable happens) {
        loseClients();
        happens.run();
        if (compacted) {
            cluster.compact();
        }
        cluster.healClients();
    }

    // ---- removals

    @Test
    void aRemovalWhileDisconnectedIsTold() throws Exception {
        removed(false);
    }

    /** A flaw of the original: after a compaction a removal was never told. */
    @Test
    void aRemovalWhileDisconnectedIsToldEvenIfItHasBeenCompactedAway() throws Exception {
        removed(true);
        assertThat(stage.events(Event.Compacted.class)).isNotEmpty();
    }

    private void removed(boolean compacted) throws Exception {
        put("a", "one");
        put("b", "two");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Snapshot<String>> snapshots = range.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertNext(watcher, "one");
            next(snapshots);
            next(changes);
            meanwhile(compacted, () -> delete("a"));
            assertThat(next(watcher)).isEmpty();
            assertThat(text(next(snapshots))).isEqualTo(Map.of("b", "two"));
            assertThat(next(changes).changes()).containsExactly(new Change.Removed<>(Key.of("a"), "one"));
        }
    }

    /** A flaw of the original: a removal that had come, but had not been asked for yet, was lost in a new reading. */
    @Test
    void aRemovalThatCameButWasNotLookedAtSurvivesANewReading() throws Exception {
        put("a", "one");
        put("b", "two");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertNext(watcher, "one");
            next(changes);
            long removal = delete("a");
            awaitTakenIn(keys, "a", removal);
            awaitTakenIn(range, removal);
            stage.forget();
            meanwhile(true, () -> {
                put("b", "two and a half");
                put("b", "three");
            });
            eventually(
                    "the range has been read again",
                    () -> text(range.current().orElseThrow()).equals(Map.of("b", "three")));
            assertThat(stage.commands(Command.Read.class)).isNotEmpty();
            assertThat(next(watcher)).isEmpty();
            assertThat(next(changes).changes())
                    .containsExactly(
                            new Change.Removed<>(Key.of("a"), "one"),
                            new Change.Updated<>(Key.of("b"), "two", "three"));
        }
    }

    /** A flaw of the original: after a new reading it waited for one change more. */
    @Test
    void whatANewReadingFoundIsToldAtOnce() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Snapshot<String>> snapshots = range.watch()) {
            assertNext(watcher, "one");
            next(snapshots);
            Call<Optional<String>> blocked = blockedNext(watcher);
            meanwhile(true, () -> put("a", "two"));
            assertThat(blocked.result()).contains("two");
            assertThat(text(next(snapshots))).isEqualTo(Map.of("a", "two"));
            put("a", "three");
            assertNext(watcher, "three");
            assertThat(text(next(snapshots))).isEqualTo(Map.of("a", "three"));
        }
    }

    /** A flaw of the original: after a new reading it told all keys again. */
    @Test
    void aNewReadingThatFindsNothingNewIsNotTold() throws Exception {
        put("a", "A");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertNext(watcher, "A");
            next(changes);
            stage.forget();
            meanwhile(true, () -> {
                put("a", "B");
                put("b", "came and went");
                delete("b");
                put("a", "A");
            });
            long head = cluster.revision();
            awaitTakenIn(range, head);
            awaitTakenIn(keys, "a", head);
            assertThat(watcher.poll()).isEmpty();
            assertThat(changes.poll()).isEmpty();
        }
    }

    /** A flaw of the original: it took empty for absent, also between two readings. */
    @Test
    void anEmptyValueThatCameOrWentWhileDisconnectedIsTold() throws Exception {
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertThat(next(watcher)).isEmpty();
            next(changes);
            for (boolean compacted : new boolean[] {false, true}) {
                meanwhile(compacted, () -> put("a", ""));
                assertNext(watcher, "");
                assertThat(next(changes).changes()).containsExactly(new Change.Added<>(Key.of("a"), ""));
                meanwhile(compacted, () -> delete("a"));
                assertThat(next(watcher)).isEmpty();
                assertThat(next(changes).changes()).containsExactly(new Change.Removed<>(Key.of("a"), ""));
            }
        }
    }

    @Test
    void aKeyThatWasRemovedAndCreatedAnewWhileDisconnectedIsToldByEntries() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Optional<Entry<String>>> entries = value.entries().watch()) {
            assertNext(watcher, "one");
            next(entries);
            List<Long> created = new ArrayList<>();
            meanwhile(true, () -> {
                delete("a");
                created.add(put("a", "one"));
            });
            Entry<String> entry = next(entries).orElseThrow();
            assertThat(entry.createRevision()).isEqualTo(created.get(0));
            assertThat(entry.version()).isEqualTo(1);
            assertThat(watcher.poll()).isEmpty();
        }
    }

    // ---- resuming

    /** A flaw of the original: every break read everything again, and told it again. */
    @Test
    void aBrokenWatchOfALargeRangeIsResumedWithoutReadingAgain() throws Exception {
        put("a", "one");
        put("b", "two".repeat(400_000));
        try (Watcher<Changes<String>> changes = range.changes().watch()) {
            next(changes);
            stage.forget();
            for (int i = 0; i < 5; i++) {
                String now = String.valueOf(i);
                meanwhile(false, () -> put("a", now));
                assertThat(next(changes).after().get("a")).contains(now);
            }
            assertThat(stage.commands(Command.Read.class)).isEmpty();
        }
    }

    /** Only so does it show whether the store is still the one that told it: a backup may have come just as far. */
    @Test
    void aBrokenWatchOfASmallRangeReadsWhatIsKnownAtItsRevisionAndTellsNothingTwice() throws Exception {
        put("a", "one");
        put("b", "two");
        try (Watcher<Changes<String>> changes = range.changes().watch()) {
            long known = next(changes).after().revision();
            stage.forget();
            meanwhile(false, () -> put("a", "three"));

            Changes<String> told = next(changes);
            assertThat(told.changes()).hasSize(1);
            assertThat(told.after().get("a")).contains("three");
            assertThat(stage.commands(Command.Read.class))
                    .singleElement()
                    .satisfies(read -> assertThat(read.revision()).isEqualTo(known));
        }
    }

    /** A flaw of the original: a key that changed twice in one response was told twice, or broke it. */
    @Test
    void aKeyThatChangedTwiceInOneResponseIsToldOnce() throws Exception {
        put("a", "one");
        put("b", "one");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            assertNext(watcher, "one");
            next(changes);
            stage.forget();
            meanwhile(false, () -> {
                put("a", "two");
                put("b", "two");
                put("a", "three");
                delete("b");
                put("b", "three");
            });
            assertNext(watcher, "three");
            assertThat(watcher.poll()).isEmpty();
            assertThat(next(changes).changes())
                    .containsExactly(
                            new Change.Updated<>(Key.of("a"), "one", "three"),
                            new Change.Updated<>(Key.of("b"), "one", "three"));
            assertThat(changes.poll()).isEmpty();
            assertThat(stage.events(Event.Updated.class))
                    .as("one response with all of them")
                    .anySatisfy(response -> assertThat(response.changes()).hasSizeGreaterThanOrEqualTo(5));
        }
    }

    @Test
    void nothingIsLostWhenTheStreamBreaksRightBehindItsAcceptanceWithEventsPending() throws Exception {
        put("a", "before");
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            stage.await(Event.Opened.class);
            stage.hold(Command.Follow.class);
            cluster.cutClients();
            Stage.Performance follow = stage.awaitHeld();
            for (int i = 0; i < 20; i++) {
                put("k" + i, String.valueOf(i));
            }
            stage.breakBehind(Event.Opened.class::isInstance);
            follow.release();
            Stage.Performance again = stage.awaitHeld(); // it broke
            stage.quiet();
            again.release();
            awaitState(watcher, held());
        }
    }

    /** A flaw of other clients: what was pending when the stream was cut behind its acceptance was lost. */
    @Test
    void nothingIsLostInWhicheverByteTheConnectionIsCut() throws Exception {
        put("k0", "before");
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            stage.await(Event.Opened.class);
            for (int bytes = 0; bytes < 700; bytes += 23) {
                stage.hold(Command.Follow.class);
                cluster.cutClients();
                Stage.Performance follow = stage.awaitHeld();
                String now = "cut after " + bytes;
                for (int i = 0; i < 4; i++) {
                    put("k" + i, now);
                }
                delete("k4");
                put("k" + (4 + bytes % 2), now);
                cluster.cutClientsAfter(bytes);
                stage.quiet();
                follow.release();
                awaitState(watcher, held());
                cluster.healClients();
                put("k0", "whole again"); // so that a watch is open
                awaitState(watcher, held());
            }
        }
    }

    private static void awaitState(Watcher<Snapshot<String>> watcher, SortedMap<String, String> expected)
            throws Exception {
        Snapshot<String> last = watcher.next(snapshot -> text(snapshot).equals(expected), BOUND);
        assertThat(text(last)).isEqualTo(expected);
    }

    @Test
    void aWatcherThatLooksAllTheTimeIsNeverTakenBackWhileConnectionsBreak() throws Exception {
        EtcdCluster gateway = cluster;
        Call<Void> faults = Call.to(() -> {
            for (int round = 1; round <= 60; round++) {
                gateway.put(key("a"), String.valueOf(round));
                gateway.put(key("b"), String.valueOf(round));
                if (round % 4 == 0) {
                    gateway.cutClients();
                }
                if (round % 20 == 0) {
                    gateway.compact();
                }
            }
        });
        Map<String, Long> newest = new TreeMap<>();
        long revision = 0;
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            SortedMap<String, String> end = new TreeMap<>(Map.of("a", "60", "b", "60"));
            Snapshot<String> snapshot;
            do {
                snapshot = next(watcher);
                assertThat(snapshot.revision()).isGreaterThan(revision);
                revision = snapshot.revision();
                for (Key key : snapshot.values().keySet()) {
                    long modRevision = snapshot.entry(key).orElseThrow().modRevision();
                    assertThat(modRevision).isGreaterThanOrEqualTo(newest.getOrDefault(key.toString(), 0L));
                    newest.put(key.toString(), modRevision);
                }
            } while (!text(snapshot).equals(end));
        }
        faults.result();
    }

    // ---- starting without etcd

    @Test
    void withoutAServerNextTimesOutAndNamesTheTroubleAndPlainNextGoesOnTrying() throws Exception {
        put("a", "one");
        loseClients();
        try (Watcher<Optional<String>> watcher = value.watch()) {
            stage.await(Event.Delayed.class);
            assertThatThrownBy(() -> watcher.next(A_MOMENT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("etcd has not answered yet")
                    .hasMessageContaining("http://127.0.0.1:")
                    .hasMessageContaining("Connection refused");
            assertThat(value.current()).isEmpty();
            Call<Optional<String>> patient = blockedNext(watcher);
            eventually(
                    "it has been tried often",
                    () -> stage.events(Event.Delayed.class).size() > 5);
            cluster.healClients();
            assertThat(patient.result()).contains("one");
        }
    }

    /** What waits is not sent again and again: only the probes of the endpoints are. */
    @Test
    void whileNoEndpointIsUsableAReadIsAskedForOnce() {
        loseClients();
        try (Watcher<Optional<String>> watcher = value.watch()) {
            eventually(
                    "it has been tried often",
                    () -> stage.events(Event.Delayed.class).size() > 5);
            assertThat(stage.commands(Command.class)).hasSize(1);
            assertThat(watcher.poll()).isEmpty();
        }
    }

    /** After a long outage the server would replay them, and does that slowly. */
    @Test
    void veryManyWatchesThatWaitForTheirTurnWhenTheConnectionBreaksAreReadAgain() throws Exception {
        int count = 600;
        stage.hold(Command.Follow.class);
        List<Watcher<Optional<String>>> watchers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            watchers.add(closedAfterwards(keys.value("k" + i, Codec.utf8()).watch()));
        }
        List<Stage.Performance> watches = new ArrayList<>();
        for (Watcher<Optional<String>> watcher : watchers) {
            assertThat(next(watcher)).isEmpty();
            watches.add(stage.awaitHeld());
        }
        stage.quiet();
        stage.forget();

        cluster.blackHoleClients(); // no watch is accepted any more
        watches.forEach(Stage.Performance::release);
        loseClients();
        cluster.healClients();

        eventually(
                "all are read again",
                () -> stage.commands(Command.Read.class).stream()
                                .map(Command.Read::from)
                                .distinct()
                                .count()
                        == count);
        put("k" + (count - 1), "one");
        assertNext(watchers.get(count - 1), "one");
    }

    /** A flaw of the original: when the list succeeded and the watch was refused it span, 180,224 times a second. */
    @Test
    void aWatchThatIsRefusedAfterAReadThatSucceededIsTriedAgainWithRests() throws Exception {
        put("a", "one");
        stage.breakBehind(Event.Opened.class::isInstance);
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            eventually(
                    "it has been tried often",
                    () -> stage.commands(Command.Follow.class).size() > 5);
            List<Integer> attempts = stage.commands(Command.Rest.class).stream()
                    .map(Command.Rest::attempt)
                    .toList();
            assertThat(attempts).startsWith(1, 2, 3, 4, 5);
            stage.quiet();
            put("a", "two");
            assertNext(watcher, "two");
        }
    }
}
