package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Members that stop, are killed, freeze, or are cut off from the others. */
class FailingMembersIT extends ThreeMembers {
    /** What a client may take to leave a member that answers nothing at all: gRPC's keepalive. */
    private static final Duration SILENCE_IS_NOTICED = Duration.ofSeconds(30);

    @Test
    void theClientGoesOnWithAnotherMemberWhenItsOwnStops() throws Exception {
        Member own = cluster.member(0);
        EtcdValue<String> value =
                own(clientOf(own, cluster.member(1), cluster.member(2))).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            own.stop();
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    @Test
    void theClientGoesOnWhicheverMemberIsKilled() throws Exception {
        EtcdValue<String> value = own(client()).value("a", Codec.utf8());
        put("a", "0");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "0");
            for (Member member : cluster.members()) {
                member.kill();
                String now = "without " + member.index();
                put("a", now);
                assertNext(watcher, now);
                member.start();
            }
        }
    }

    @Test
    void theClientGoesOnWhenTheWholeClusterWasDown() throws Exception {
        EtcdValue<String> value = own(client()).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            cluster.members().forEach(Member::kill);
            assertSilent(watcher);
            assertThat(value.current()).as("the last state stands").contains(Optional.of("one"));
            cluster.repair();
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    @Test
    void aPartitionIsTransparent() throws Exception {
        Member alone = cluster.member(2);
        EtcdValue<String> isolated = own(clientOf(alone)).value("a", Codec.utf8());
        EtcdValue<String> majority =
                own(clientOf(cluster.member(0), cluster.member(1))).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> there = isolated.watch();
                Watcher<Optional<String>> here = majority.watch()) {
            assertNext(there, "one");
            assertNext(here, "one");
            cluster.isolate(alone);
            put("a", "two");
            assertNext(here, "two");
            assertSilent(there);
            put("a", "three");
            assertNext(here, "three");
            cluster.heal();
            assertThat(there.next(Optional.of("three")::equals, BOUND)).contains("three");
            put("a", "four");
            assertNext(there, "four");
            assertNext(here, "four");
        }
    }

    /** A flaw of the original: it stayed with a member that was cut off, silent for ever. */
    @Test
    void theClientLeavesAMemberThatIsCutOffFromTheOthers() throws Exception {
        Member alone = cluster.member(1);
        EtcdValue<String> value =
                own(clientOf(alone, cluster.member(0), cluster.member(2))).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            cluster.isolate(alone);
            put("a", "two");
            assertThat(watcher.next(Duration.ofSeconds(5))).contains("two");
        }
    }

    @Test
    void aMemberThatWasCutOffAndLagsStartsNoEpochAndTakesNothingBack() throws Exception {
        Member lagging = cluster.member(2);
        Member other = cluster.member(0);
        EtcdRange<String> range = own(clientOf(other, lagging)).prefix("", Codec.utf8());
        put("a", "0");
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            for (int round = 1; round <= 3; round++) {
                cluster.isolate(lagging);
                put("a", String.valueOf(round));
                assertDelivered(next(watcher), String.valueOf(round));
                other.refuseClients(); // to the one that lags
                other.cutClients();
                cluster.heal();
                put("b", String.valueOf(round));
                assertThat(next(watcher).resync()).isFalse();
                lagging.cutClients(); // and back
                other.healClients();
            }
        }
        assertThat(range.await(BOUND).epoch()).isEqualTo(1);
    }

    private static void assertDelivered(Changes<String> changes, String value) {
        assertThat(changes.resync()).isFalse();
        assertThat(changes.after().get("a")).contains(value);
    }

    @Test
    void theClientGoesOnWhenTheLeadershipMoves() throws Exception {
        EtcdValue<String> value = own(client()).value("a", Codec.utf8());
        put("a", "0");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "0");
            for (Member member : cluster.members()) {
                member.moveLeaderHere();
                String now = "led by " + member.index();
                put("a", now);
                assertNext(watcher, now);
            }
        }
    }

    /** A frozen member, and a network that swallows everything: nothing is refused, nothing ends. */
    @Test
    void theClientLeavesAMemberThatAnswersNothingAtAll() throws Exception {
        Member frozen = cluster.member(2);
        Member unreachable = cluster.member(1);
        Member good = cluster.member(0);
        good.moveLeaderHere();
        EtcdValue<String> one = own(clientOf(frozen, good)).value("a", Codec.utf8());
        EtcdValue<String> other = own(clientOf(unreachable, good)).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> ofFrozen = one.watch();
                Watcher<Optional<String>> ofUnreachable = other.watch()) {
            assertNext(ofFrozen, "one");
            assertNext(ofUnreachable, "one");
            frozen.pause();
            unreachable.blackHoleClients();
            put("a", "two");
            assertThat(ofFrozen.next(SILENCE_IS_NOTICED)).contains("two");
            assertThat(ofUnreachable.next(SILENCE_IS_NOTICED)).contains("two");
        }
    }

    /** The same before the first answer: then the request's own timeout notices it. */
    @Test
    void theFirstReadLeavesAMemberThatAnswersNothingAtAll() throws Exception {
        Member unreachable = cluster.member(1);
        unreachable.blackHoleClients();
        put("a", "one");
        EtcdValues values = client(
                settings().endpoints(endpoints(unreachable, cluster.member(0))).requestTimeout(Duration.ofMillis(300)));
        EtcdValue<String> value = own(values).value("a", Codec.utf8());
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            put("a", "two");
            assertNext(watcher, "two");
        }
    }
}
