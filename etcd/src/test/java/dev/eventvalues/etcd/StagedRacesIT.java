package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens between two steps of the protocol: held back there until it has happened. */
class StagedRacesIT extends ThreeMembers {
    private final Stage stage = new Stage();
    private final EtcdKeys keys = own(client(settings().pageSize(2).seam(stage)));
    private final EtcdValue<String> value = keys.value("a", Codec.utf8());
    private final EtcdRange<String> range = keys.prefix("", Codec.utf8());

    @Test
    void aPutBetweenTheFirstReadAndTheWatchIsNotLost() throws Exception {
        put("a", "one");
        stage.hold(Command.Follow.class);
        try (Watcher<Optional<String>> watcher = value.watch()) {
            Stage.Performance follow = stage.awaitHeld();
            assertNext(watcher, "one");
            put("a", "two");
            stage.quiet();
            follow.release();
            assertNext(watcher, "two");
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void aRemovalBetweenTheFirstReadAndTheWatchIsNotLostEvenIfItHasBeenCompactedAway() throws Exception {
        put("a", "one");
        stage.hold(Command.Follow.class);
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Changes<String>> changes = range.changes().watch()) {
            Stage.Performance ofTheKey = stage.awaitHeld();
            Stage.Performance ofTheRange = stage.awaitHeld();
            assertNext(watcher, "one");
            next(changes);
            cluster.compact(delete("a"));
            stage.quiet();
            ofTheKey.release();
            ofTheRange.release();
            assertThat(next(watcher)).isEmpty();
            assertThat(next(changes).changes()).containsExactly(new Change.Removed<>(Key.of("a"), "one"));
        }
    }

    /** Old releases lose such a removal when they are asked for its revision: the compaction must be at it exactly. */
    @Test
    void aRemovalAtTheRevisionThatIsCompactedIsNotLost() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            for (int i = 0; i < 3; i++) {
                put("a", "there");
                assertNext(watcher, "there");
                loseClients();
                cluster.compact(delete("a"));
                put("b", "another key");
                cluster.healClients();
                assertThat(next(watcher)).isEmpty();
            }
        }
    }

    @Test
    void aPageThatIsCompactedAwayDuringTheReadMakesItBeginAnew() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("k" + i, "before");
        }
        stage.hold(command -> command instanceof Command.Read read && read.revision() > 0);
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            Stage.Performance second = stage.awaitHeld();
            long pinned = ((Command.Read) second.command()).revision();
            put("k0", "after");
            delete("k4");
            cluster.compact();
            stage.quiet();
            second.release();
            Snapshot<String> first = next(watcher);
            assertThat(stage.events(Event.Compacted.class)).hasSize(1);
            assertThat(first.revision()).isGreaterThan(pinned);
            assertThat(text(first)).isEqualTo(held());
            put("k4", "again");
            assertThat(text(next(watcher))).isEqualTo(held());
        }
    }

    @Test
    void allPagesAreOfOneRevision() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("k" + i, "before");
        }
        stage.hold(command -> command instanceof Command.Read read && read.revision() > 0);
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            for (int page = 2; page <= 3; page++) {
                Stage.Performance held = stage.awaitHeld();
                put("k0", "between the pages");
                put("k4", "between the pages");
                held.release();
            }
            assertThat(next(watcher).values().values()).containsOnly("before");
            Optional<String> last = Optional.of("between the pages");
            assertThat(text(watcher.next(snapshot -> snapshot.get("k4").equals(last), BOUND)))
                    .isEqualTo(held());
            List<Command.Read> reads = stage.commands(Command.Read.class);
            assertThat(reads).hasSize(3);
            assertThat(reads.get(0).revision()).isZero();
            assertThat(reads.get(2).revision()).isEqualTo(reads.get(1).revision());
        }
    }

    @Test
    void aReadThatFailsAmongItsPagesBeginsAnewAndIsStillOfOneRevision() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("k" + i, "before");
        }
        stage.hold(command -> command instanceof Command.Read read && read.revision() > 0);
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            Stage.Performance second = stage.awaitHeld();
            cluster.transaction(all -> {
                for (int i = 0; i < 5; i++) {
                    all.put(key("k" + i), "after");
                }
            });
            loseClients();
            stage.quiet();
            second.release();
            stage.await(Event.Failed.class);
            cluster.healClients();
            assertThat(next(watcher).values().values()).containsOnly("after");
        }
    }

    /** One member's word is not believed: it may lag behind. */
    @Test
    void anAnswerFromAnEarlierRevisionThatIsNotConfirmedTakesNothingBack() throws Exception {
        put("a", "one");
        put("a", "two");
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            stage.await(Event.Opened.class);
            stage.hold(Command.Follow.class);
            cluster.cutClients();
            Stage.Performance follow = stage.awaitHeld();
            Event.Opened last = stage.events(Event.Opened.class).get(0);
            stage.quiet();
            follow.answer(new Event.Opened(
                    follow.command().ticket(), new Origin(last.origin().clusterId(), 1), last.from(), last.pulse(), 1));
            stage.await(Event.Confirmed.class);
            put("a", "three");
            Changes<String> changes = next(watcher);
            assertThat(changes.resync()).isFalse();
            assertThat(changes.changes()).containsExactly(new Change.Updated<>(Key.of("a"), "two", "three"));
            assertThat(changes.after().epoch()).isEqualTo(1);
        }
        assertThat(held()).isEqualTo(Map.of("a", "three"));
    }
}
