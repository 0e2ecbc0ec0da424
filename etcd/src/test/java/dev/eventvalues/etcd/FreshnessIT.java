package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.Registration;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.Member;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whether "fresh" may be believed, how soon "stale" is told, and how soon it is over. */
class FreshnessIT extends ThreeMembers {
    private static final Duration STALE_AFTER = Duration.ofMillis(1_500);

    /** What a busy machine may add to a time that is bounded by our own clocks. */
    private static final Duration NOISE = Duration.ofMillis(500);

    /** How long after a fault has ended, or in addition to {@link #STALE_AFTER} when there is another member to go to. */
    private static final Duration SOON = Duration.ofSeconds(2);

    @Override
    EtcdValues.Builder settings() {
        return super.settings().staleAfter(STALE_AFTER);
    }

    private static Freshness now(EtcdValue<?> value) {
        return value.freshness().current().orElseThrow();
    }

    private static void awaitFresh(EtcdValue<?> value) {
        eventually("it is fresh, not " + now(value), () -> now(value) instanceof Freshness.Fresh);
    }

    private static <F extends Freshness> F next(Watcher<Freshness> watcher, Class<F> kind) throws Exception {
        return kind.cast(watcher.next(kind::isInstance, BOUND));
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    @Nested
    class Kinds {
        private final EtcdValue<String> value = own(client()).value("a", Codec.utf8());

        @Test
        void itIsIdleUntilItIsAskedForAndThenConnectingAndThenFresh() {
            loseClients();
            assertThat(now(value)).isEqualTo(new Freshness.Idle());
            assertThat(now(value))
                    .isInstanceOfSatisfying(
                            Freshness.Connecting.class,
                            connecting -> assertThat(connecting.since())
                                    .isBetween(Instant.now().minus(BOUND), Instant.now()));
            cluster.healClients();
            awaitFresh(value);
        }

        @Test
        void itIsConnectingForAsLongAsNothingHasBeenRead() throws Exception {
            loseClients();
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                Freshness.Connecting connecting = next(watcher, Freshness.Connecting.class);
                long start = System.nanoTime();
                eventually("more time passes than a proof lasts", () -> {
                    assertThat(watcher.poll()).isEmpty();
                    return since(start).compareTo(STALE_AFTER) > 0;
                });
                assertThat(now(value)).isEqualTo(connecting);
                cluster.healClients();
                next(watcher, Freshness.Fresh.class);
            }
        }

        @Test
        void freshNamesTheRevisionAndTheProof() {
            long revision = put("a", "one");
            awaitFresh(value);
            assertThat(now(value))
                    .isInstanceOfSatisfying(
                            Freshness.Fresh.class,
                            fresh -> assertThat(fresh.revision()).isGreaterThanOrEqualTo(revision))
                    .isInstanceOfSatisfying(
                            Freshness.Fresh.class,
                            fresh -> assertThat(fresh.confirmedAt())
                                    .isBetween(Instant.now().minus(STALE_AFTER), Instant.now()));
        }

        @Test
        void staleNamesTheLastProofTheCauseAndTheLastRevision() throws Exception {
            long revision = put("a", "one");
            awaitFresh(value);
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                Freshness.Fresh fresh = next(watcher, Freshness.Fresh.class);
                loseClients();
                Freshness.Stale stale = next(watcher, Freshness.Stale.class);
                assertThat(stale.since()).isBetween(fresh.confirmedAt(), Instant.now());
                assertThat(stale.lastRevision()).isGreaterThanOrEqualTo(revision);
                assertThat(stale.cause()).hasMessageContaining("127.0.0.1");
            }
        }

        @Test
        void watchersAreToldOfTheKindAndNotOfEveryProof() throws Exception {
            awaitFresh(value);
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                Freshness.Fresh told = next(watcher, Freshness.Fresh.class);
                eventually("it has been proved some times more, and that was not told", () -> {
                    assertThat(watcher.poll()).isEmpty();
                    return now(value) instanceof Freshness.Fresh fresh
                            && fresh.confirmedAt().isAfter(told.confirmedAt().plus(STALE_AFTER));
                });
            }
        }

        @Test
        void aRangeHasOneToo() throws Exception {
            long revision = put("a", "one");
            EtcdRange<String> range = own(client()).prefix("", Codec.utf8());
            try (Watcher<Freshness> watcher = range.freshness().watch()) {
                assertThat(next(watcher, Freshness.Fresh.class).revision()).isGreaterThanOrEqualTo(revision);
                loseClients();
                next(watcher, Freshness.Stale.class);
                cluster.healClients();
                next(watcher, Freshness.Fresh.class);
            }
        }

        @Test
        void whatIsNotEtcdMakesItStaleFromTheStart() throws Exception {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .build()
                    .start();
            try {
                EtcdValues values = client(settings().endpoints("http://127.0.0.1:" + server.getPort()));
                try (Watcher<Freshness> watcher =
                        own(values).value("a", Codec.utf8()).freshness().watch()) {
                    Freshness.Stale stale = next(watcher, Freshness.Stale.class);
                    assertThat(stale.cause()).isInstanceOf(NotEtcdException.class);
                    assertThat(stale.lastRevision()).isZero();
                }
            } finally {
                server.shutdownNow();
            }
        }

        @Test
        void watchersEndWithTheirConnection() throws Exception {
            EtcdValues values = client();
            Watcher<Freshness> watcher =
                    own(values).value("a", Codec.utf8()).freshness().watch();
            next(watcher, Freshness.Fresh.class);
            Call<Freshness> blocked = blockedNext(watcher);
            values.close();
            assertThat(blocked.failure()).isInstanceOf(WatcherClosedException.class);
        }
    }

    @Nested
    class KeepingWarm {
        private final Member member = cluster.member(0);
        private final EtcdValue<String> value = own(client(
                        settings().endpoints(member.endpoint()).linger(Duration.ofMillis(50))))
                .value("a", Codec.utf8());

        private void awaitWatches(int count) {
            eventually(
                    "the server has " + count + " watches",
                    () -> member.metric("etcd_debugging_mvcc_watcher_total") == count);
        }

        @Test
        void answersLooksForAsLongAsItIsHeld() {
            awaitWatches(0);
            put("a", "one");
            Registration warm = value.keepWarm();
            awaitWatches(1);
            longerThanItWouldLinger();
            assertThat(now(value)).isInstanceOf(Freshness.Fresh.class);
            assertThat(value.current()).contains(Optional.of("one"));
            awaitWatches(1);
            warm.close();
            awaitWatches(0);
            assertThat(now(value)).as("nobody follows it any more").isEqualTo(new Freshness.Idle());
        }

        @Test
        void isHeldByEachHolder() {
            awaitWatches(0);
            Registration one = value.keepWarm();
            Registration other = value.keepWarm();
            awaitWatches(1);
            one.close();
            one.close();
            longerThanItWouldLinger();
            awaitWatches(1);
            other.close();
            awaitWatches(0);
        }

        private static void longerThanItWouldLinger() {
            long start = System.nanoTime();
            eventually("it stays open", () -> since(start).compareTo(Duration.ofMillis(300)) > 0);
        }
    }

    /** With one endpoint there is nothing else to be done. */
    @Nested
    class OfTheOnlyMember {
        private Member follower() {
            Member leader = cluster.leader();
            return cluster.members().stream()
                    .filter(member -> member != leader)
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void thatIsCutOffFromTheOthers() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(cluster, member, STALE_AFTER, () -> cluster.isolate(member), cluster::heal);
        }

        @Test
        void thatWasTheLeaderAndIsCutOff() throws Exception {
            Member member = cluster.leader();
            staleSoonAndFreshSoonAfterwards(cluster, member, STALE_AFTER, () -> cluster.isolate(member), cluster::heal);
        }

        @Test
        void thatHearsNothingFromTheOthers() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(cluster, member, STALE_AFTER, () -> cluster.silence(member), cluster::heal);
        }

        @Test
        void thatIsBehindABlackHole() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(
                    cluster, member, STALE_AFTER, member::blackHoleClients, member::healClients);
        }

        @Test
        void thatIsFrozen() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(cluster, member, STALE_AFTER, member::pause, member::resume);
        }
    }

    private void staleSoonAndFreshSoonAfterwards(
            EtcdCluster etcd, Member only, Duration staleAfter, Runnable fault, Runnable heal) throws Exception {
        EtcdValue<String> value = own(client(
                        settings().endpoints(only.endpoint()).staleAfter(staleAfter)))
                .value("a", Codec.utf8());
        try (FreshnessWitness witness = new FreshnessWitness(value, staleAfter, now -> etcd.put(key("a"), now));
                Watcher<Freshness> watcher = value.freshness().watch()) {
            awaitFresh(value);
            next(watcher, Freshness.Fresh.class);
            long began = System.nanoTime();
            fault.run();
            long broken = System.nanoTime();
            next(watcher, Freshness.Stale.class);
            assertThat(since(broken)).isLessThan(staleAfter.plus(NOISE));
            eventually("writes go on, longer than a proof lasts", () -> {
                witness.write();
                assertThat(now(value)).isInstanceOf(Freshness.Stale.class);
                return since(began).compareTo(staleAfter.multipliedBy(2)) > 0;
            });
            heal.run();
            long healed = System.nanoTime();
            next(watcher, Freshness.Fresh.class);
            assertThat(since(healed)).isLessThan(SOON);
            eventually("the last write is seen", witness::seesTheLast);
            awaitFresh(value);
            assertThat(witness.fresh()).isPositive();
        }
    }

    /** With two endpoints what runs on the one moves to the other. */
    @Nested
    class OfAMemberWithAnotherBeside {
        private Member bad() {
            Member leader = cluster.leader();
            return cluster.members().stream()
                    .filter(member -> member != leader)
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void whenItIsCutOffFromTheOthers() throws Exception {
            Member bad = bad();
            movesSoon(cluster, bad, STALE_AFTER, () -> cluster.isolate(bad));
        }

        @Test
        void whenItHearsNothingFromTheOthers() throws Exception {
            Member bad = bad();
            movesSoon(cluster, bad, STALE_AFTER, () -> cluster.silence(bad));
        }

        @Test
        void whenItIsBehindABlackHole() throws Exception {
            Member bad = bad();
            movesSoon(cluster, bad, STALE_AFTER, bad::blackHoleClients);
        }

        @Test
        void whenItIsFrozen() throws Exception {
            Member bad = bad();
            movesSoon(cluster, bad, STALE_AFTER, bad::pause);
        }

        @Test
        void whenItIsKilled() throws Exception {
            Member bad = bad();
            movesSoon(cluster, bad, STALE_AFTER, bad::kill);
        }
    }

    private void movesSoon(EtcdCluster etcd, Member bad, Duration staleAfter, Runnable fault) throws Exception {
        Member good = etcd.leader();
        EtcdValue<String> value = own(client(
                        settings().endpoints(endpoints(bad, good)).staleAfter(staleAfter)))
                .value("a", Codec.utf8());
        try (FreshnessWitness witness = new FreshnessWitness(value, staleAfter, now -> etcd.put(key("a"), now))) {
            awaitFresh(value);
            eventually("the first write is seen", witness::seesTheLast);
            fault.run();
            witness.write();
            long written = System.nanoTime();
            eventually("the write is seen", witness::seesTheLast);
            assertThat(since(written)).isLessThan(staleAfter.plus(SOON));
            awaitFresh(value);
            assertThat(since(written)).isLessThan(staleAfter.plus(SOON));
            Freshness fresh = now(value);
            eventually(
                    "it goes on to be proved",
                    () -> now(value) instanceof Freshness.Fresh later
                            && fresh instanceof Freshness.Fresh before
                            && later.confirmedAt().isAfter(before.confirmedAt()));
        }
    }

    /** Members notice a lost leader after seconds only, and tell of progress after ten minutes. */
    @Nested
    class WithTheTimingsOfEtcdItself {
        @RegisterExtension
        static final EtcdClusterExtension SLOW = EtcdClusterExtension.starting(EtcdCluster.builder()
                .members(3)
                .etcdTimings()
                .flag("--experimental-watch-progress-notify-interval", "10m"));

        private final EtcdCluster slow = SLOW.cluster();
        private final Stage stage = new Stage();

        private Member follower() {
            Member leader = slow.leader();
            return slow.members().stream()
                    .filter(member -> member != leader)
                    .findFirst()
                    .orElseThrow();
        }

        private EtcdValue<String> value() {
            return own(client(settings().endpoints(endpoints(slow.member(0))).seam(stage)))
                    .value("a", Codec.utf8());
        }

        @Test
        void theOnlyMemberIsCutOffFromTheOthers() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(slow, member, STALE_AFTER, () -> slow.isolate(member), slow::heal);
        }

        @Test
        void theOnlyMemberIsFrozen() throws Exception {
            Member member = follower();
            staleSoonAndFreshSoonAfterwards(slow, member, STALE_AFTER, member::pause, member::resume);
        }

        @Test
        void aMemberIsCutOffWithAnotherBeside() throws Exception {
            Member bad = follower();
            movesSoon(slow, bad, STALE_AFTER, () -> slow.isolate(bad));
        }

        @Test
        void aMemberHearsNothingWithAnotherBeside() throws Exception {
            Member bad = follower();
            movesSoon(slow, bad, STALE_AFTER, () -> slow.silence(bad));
        }

        @Test
        void aQuietConnectionIsFreshWithoutASingleEvent() throws Exception {
            EtcdValue<String> value = value();
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                next(watcher, Freshness.Fresh.class);
                long start = System.nanoTime();
                eventually("it is fresh twice as long as a proof lasts", () -> {
                    assertThat(now(value)).isInstanceOf(Freshness.Fresh.class);
                    return since(start).compareTo(STALE_AFTER.multipliedBy(2)) > 0;
                });
            }
        }

        /** By being woken: a last look is taken when the time is up, too. */
        private static void assertToldFresh(Watcher<Freshness> watcher) throws Exception {
            long start = System.nanoTime();
            next(watcher, Freshness.Fresh.class);
            assertThat(since(start)).isLessThan(BOUND.dividedBy(2));
        }

        /** A watch that is accepted when the store has moved on is proved later, and without any other news. */
        @Test
        void watchersAreToldWhenAWatchThatHadToCatchUpIsProved() throws Exception {
            stage.hold(Command.Follow.class);
            EtcdValue<String> value = value();
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                next(watcher, Freshness.Connecting.class);
                Stage.Performance follow = stage.awaitHeld();
                slow.put(key("another"), "one");
                stage.quiet();
                follow.release();
                assertToldFresh(watcher);
            }
        }

        /** The same after an outage that lasted longer than the last proof. */
        @Test
        void watchersAreToldWhenAWatchThatWasResumedLateIsProved() throws Exception {
            EtcdValue<String> value = value();
            try (Watcher<Freshness> watcher = value.freshness().watch()) {
                next(watcher, Freshness.Fresh.class);
                slow.member(0).refuseClients();
                slow.member(0).cutClients();
                next(watcher, Freshness.Stale.class);
                long start = System.nanoTime();
                eventually("the last proof is too old", () -> since(start).compareTo(STALE_AFTER.plus(NOISE)) > 0);
                slow.put(key("another"), "one");
                slow.healClients();
                assertToldFresh(watcher);
            }
        }
    }

    /** A process that was paused does not find itself fresh when it wakes up. */
    @Test
    void aProcessThatWasPausedDoesNotWakeUpFresh() throws Exception {
        put("a", "before");
        Process sleeper = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sleeper.class.getName(),
                        cluster.leader().endpoint(),
                        key("a"),
                        String.valueOf(STALE_AFTER.toMillis()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = sleeper.inputReader()) {
            awaitLine(lines, "Fresh before");
            for (int round = 1; round <= 3; round++) {
                String meanwhile = "meanwhile " + round;
                signal(sleeper, "STOP");
                put("a", meanwhile);
                long start = System.nanoTime();
                eventually(
                        "it sleeps longer than a proof lasts",
                        () -> since(start).compareTo(STALE_AFTER.plus(NOISE)) > 0);
                signal(sleeper, "CONT");
                awaitLine(lines, "slept");
                List<String> after = awaitLine(lines, "Fresh " + meanwhile);
                assertThat(after).allMatch(line -> line.endsWith(meanwhile) || line.startsWith("Stale "));
            }
        } finally {
            sleeper.destroyForcibly();
        }
    }

    private static List<String> awaitLine(BufferedReader lines, String awaited) {
        return Call.of(() -> {
                    List<String> read = new ArrayList<>();
                    String line;
                    do {
                        line = lines.readLine();
                        if (line == null) {
                            throw new IOException("it ended after " + read);
                        }
                        read.add(line);
                    } while (!line.equals(awaited));
                    return read;
                })
                .result();
    }

    private static void signal(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
