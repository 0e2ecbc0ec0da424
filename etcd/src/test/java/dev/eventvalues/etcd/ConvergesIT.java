package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.EtcdRequestException;
import dev.eventvalues.testkit.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever happens, in the end every consumer sees what a linearizable read does: one that looks all the time, and one
 * that slept all the while.
 */
class ConvergesIT extends ThreeMembers {
    /** These tests replace members, and the store itself. */
    @RegisterExtension
    static final EtcdClusterExtension OWN = EtcdClusterExtension.members(3);

    /** What every backup that is restored here lacks: a removal and two writes. */
    private static final int LOST_AT_LEAST = 3;

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

    private final EtcdCluster etcd = OWN.cluster();
    private final EtcdValues client =
            client(settings().endpoints(etcd.endpoints().toArray(String[]::new)).staleAfter(Duration.ofSeconds(1)));
    private final EtcdKeys keys = own(client);
    private final EtcdValue<String> fresh = keys.value("a", Codec.utf8());

    /** Says which faults there were, if something goes wrong. */
    private final long seed = System.nanoTime();

    private final Random random = new Random(seed);

    private Audience awake;
    private Audience asleep;
    private volatile boolean writing;
    private Call<Void> writer;

    @BeforeEach
    void open() {
        write(0);
        awake = closedAfterwards(new Audience(keys, NAMES, true));
        asleep = closedAfterwards(new Audience(keys, NAMES, false));
        awaitConverged();
    }

    @AfterEach
    void stop() {
        writing = false;
    }

    // ---- members

    @Test
    void theMemberInUseIsKilledAgainAndAgain() {
        whileWriting(() -> {
            for (int round = 0; round < 4; round++) {
                Member member = inUse();
                member.kill();
                awaitMoved(member);
                member.start();
            }
        });
    }

    @Test
    void theMemberInUseIsFrozen() {
        whileWriting(() -> {
            for (int round = 0; round < 2; round++) {
                Member member = inUse();
                member.pause();
                pass(Duration.ofSeconds(2));
                member.resume();
            }
        });
    }

    @Test
    void theLeadershipMoves() {
        whileWriting(() -> {
            for (int round = 0; round < 2; round++) {
                etcd.members().forEach(Member::moveLeaderHere);
            }
        });
    }

    @Test
    void theMemberInUseIsCutOffAndHealed() {
        whileWriting(() -> {
            for (int round = 0; round < 3; round++) {
                Member member = inUse();
                etcd.isolate(member);
                awaitMoved(member);
                etcd.heal();
            }
        });
    }

    @Test
    void theLeaderIsCutOffForAMomentAndHealed() {
        whileWriting(() -> {
            for (int round = 0; round < 3; round++) {
                etcd.isolate(etcd.leader());
                pass(Duration.ofMillis(random.nextInt(800)));
                etcd.heal();
            }
        });
    }

    @Test
    void theMemberInUseIsReplaced() {
        whileWriting(() -> {
            for (int round = 0; round < 2; round++) {
                inUse().replace();
            }
        });
    }

    @Test
    void theWholeClusterIsDownForSeconds() {
        etcd.members().forEach(Member::kill);
        eventually(
                "it has been stale for five seconds",
                () -> fresh.freshness().current().orElseThrow() instanceof Freshness.Stale stale
                        && stale.since().isBefore(Instant.now().minusSeconds(5)));
        etcd.repair();
        awaitConvergedAndTold();
    }

    // ---- connections

    @Test
    void connectionsAreCutAtRandomBytes() {
        whileWriting(() -> {
            for (int round = 0; round < 60; round++) {
                etcd.members().forEach(member -> member.cutClientsAfter(random.nextInt(3_000)));
                pass(Duration.ofMillis(random.nextInt(60)));
            }
            etcd.healClients();
        });
    }

    @Test
    void theHistoryIsCompactedWhileConnectionsAreCut() {
        for (int round = 0; round < 6; round++) {
            compactWhileAway();
            if (random.nextBoolean()) {
                awaitConverged();
            }
        }
        awaitConvergedAndTold();
    }

    private void compactWhileAway() {
        etcd.refuseClients();
        etcd.cutClients();
        for (int i = 0; i < 20; i++) {
            write(random.nextInt());
        }
        etcd.compact();
        etcd.healClients();
    }

    @Test
    void theHistoryIsCompactedAllTheTimeWhileConnectionsAreCut() {
        whileWriting(() -> {
            for (int round = 0; round < 30; round++) {
                etcd.cutClients();
                pass(Duration.ofMillis(random.nextInt(30)));
                etcd.compact();
            }
        });
    }

    // ---- other stores

    @Test
    void aBackupIsRestoredUnderTheSameId() {
        restored("", 30);
    }

    /** The restored store has got further than we had before we meet it; but its log has seen fewer elections. */
    @Test
    void aBackupIsRestoredUnderTheSameIdAndHasOvertakenUs() {
        for (int round = 0; round < 2; round++) {
            etcd.members().forEach(Member::moveLeaderHere);
        }
        compactWhileAway(); // what the log has seen is looked at when all is read again
        awaitConverged();
        restored("", 0);
    }

    /** Nor does the log tell, for the store we know had been restored as well: found by the fault campaign. */
    @Test
    void aBackupIsRestoredAgainUnderTheSameIdAndHasOvertakenUs() {
        restored("", 30);
        restored("", 0);
    }

    /** Nor is any of the new writes later than what we know: found by the fault campaign. */
    @Test
    void aBackupIsRestoredAgainUnderTheSameIdAndHasComeExactlyAsFar() {
        restored("", 30);
        restored("", () -> {}, () -> {
            for (int i = 0; i < LOST_AT_LEAST; i++) {
                etcd.put(key("b"), "with the new store " + i);
            }
        });
    }

    /** Nothing of the range was written last, and it is too large to be read again: others have to find out for it. */
    @Test
    void aRangeThatCannotFindOutByItselfLearnsOfARestoredBackupFromTheOthers() {
        restored("", 30);
        String large = "large " + prefix;
        String mebibyte = "x".repeat(1 << 20);
        etcd.put(large + "in the backup", mebibyte);
        EtcdRange<String> range = client.prefix(large, Codec.utf8());
        closedAfterwards(range.watch());
        restored(
                "",
                () -> {
                    etcd.put(large + "lost", "with the old store");
                    etcd.put(key("a"), "after it");
                    long revision = etcd.revision();
                    eventually(
                            "the range has come further",
                            () -> range.current()
                                    .filter(snapshot -> snapshot.revision() >= revision)
                                    .isPresent());
                    assertThat(range.current().orElseThrow().values()).hasSize(2);
                },
                () -> writes(0, 20));
        eventually(
                "the backup has it no more",
                () -> range.current().orElseThrow().values().size() == 1);
    }

    @Test
    void aBackupIsRestoredUnderAnotherId() {
        restored("another " + seed, 30);
    }

    private void restored(String token, int lost) {
        restored(token, () -> writes(0, lost), () -> writes(lost, 20));
    }

    /**
     * {@link #LOST_AT_LEAST} revisions are lost, and what else was written. One of them is the removal of a key that nobody
     * writes again, so that no event will say that the backup still has it.
     *
     * @param writes that the backup lacks
     * @param meanwhile what happens to the restored store before we meet it
     */
    private void restored(String token, Runnable writes, Runnable meanwhile) {
        EtcdValue<String> quiet = keys.value("quiet", Codec.utf8());
        closedAfterwards(quiet.watch());
        etcd.put(key("quiet"), "in the backup");
        int before = awake.resyncs();
        Path snapshot = etcd.saveSnapshot();
        etcd.delete(key("quiet"));
        writes.run();
        etcd.put(key("lost"), "with the old store");
        etcd.put(key("a"), "lost");
        awaitConverged();
        eventually("the removal is known", () -> quiet.current().equals(Optional.of(Optional.empty())));
        etcd.refuseClients();
        etcd.cutClients();
        if (token.isEmpty()) {
            etcd.restore(snapshot);
        } else {
            etcd.restore(snapshot, token);
        }
        etcd.refuseClients();
        meanwhile.run();
        etcd.healClients();
        awaitConverged();
        eventually(
                "what was removed after the backup is there again",
                () -> quiet.current().equals(Optional.of(Optional.of("in the backup"))));
        awaitConvergedAndTold();
        assertThat(awake.resyncs()).isEqualTo(before + 1);
        assertThat(asleep.resyncs()).isEqualTo(before + 1);
    }

    // ---- writing

    private void writes(int from, int to) {
        for (int i = from; i < to; i++) {
            write(i);
        }
    }

    /** One write: more puts than removals, and now and then two keys at once. */
    private void write(int value) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        switch (random.nextInt(4)) {
            case 0 -> etcd.delete(key(name));
            case 1 ->
                etcd.transaction(both -> both.put(key("a"), "both " + value).put(key("b"), "both " + value));
            default -> etcd.put(key(name), String.valueOf(value));
        }
    }

    private void whileWriting(Runnable faults) {
        writing = true;
        writer = Call.to(() -> {
            for (int i = 1; writing; i++) {
                try {
                    write(i);
                } catch (EtcdRequestException e) {
                    // perhaps it was written, perhaps not; nobody can tell before the end
                }
            }
        });
        try {
            faults.run();
        } finally {
            writing = false;
        }
        writer.result();
        awaitConvergedAndTold();
    }

    // ---- waiting

    @Override
    SortedMap<String, String> held() {
        SortedMap<String, String> held = new TreeMap<>();
        etcd.getPrefix(prefix).forEach((key, value) -> held.put(key.substring(prefix.length()), value));
        return held;
    }

    private void awaitConverged() {
        try {
            eventually("all see what there is", () -> {
                SortedMap<String, String> expected = held();
                return awake.sees(expected) && asleep.sees(expected);
            });
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", there is " + held() + "\n" + awake + "\n" + asleep, e);
        }
    }

    /** And everything that happens from then on, up to the last removal. */
    private void awaitConvergedAndTold() {
        awaitConverged();
        for (String name : NAMES) {
            etcd.put(key(name), "once more");
        }
        awaitConverged();
        etcd.deletePrefix(prefix);
        awaitConverged();
        assertThat(held()).isEmpty();
    }

    private static void pass(Duration time) {
        long start = System.nanoTime();
        eventually("time passes", () -> System.nanoTime() - start > time.toNanos());
    }

    /** The member that our watches run on. */
    private Member inUse() {
        eventually("a member is in use", () -> etcd.members().stream().anyMatch(ConvergesIT::isWatched));
        return etcd.members().stream()
                .filter(ConvergesIT::isWatched)
                .findFirst()
                .orElse(etcd.member(0)); // it has just been left
    }

    private static boolean isWatched(Member member) {
        try {
            return member.isRunning() && member.metric("etcd_debugging_mvcc_watcher_total") > 0;
        } catch (EtcdRequestException e) {
            return false;
        }
    }

    private void awaitMoved(Member from) {
        eventually(
                "another member is in use",
                () -> etcd.members().stream().anyMatch(member -> member != from && isWatched(member)));
    }
}
