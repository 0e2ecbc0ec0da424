package dev.eventvalues.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EtcdClusterIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.shared(3);

    private final EtcdCluster cluster = etcd.cluster();

    private String get(String key) {
        return new String(cluster.get(key).orElseThrow(), UTF_8);
    }

    /** Waits until a member that is cut off has noticed. */
    private static void awaitRefusal(Member member) {
        Deadline.in(SOON).await(() -> member + " to refuse a linearizable read", () -> {
            try {
                member.within(SHORT).get("any");
                return false;
            } catch (EtcdRequestException e) {
                return e.isForWantOfALeader();
            }
        });
    }

    /** How often the peers of a member have lost it because a connection broke or was silent for too long. */
    private static double connectionsLost(Member member) {
        return member.metric("etcd_network_disconnected_peers_total");
    }

    private Member follower() {
        Member leader = cluster.leader();
        return cluster.members().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class AClusterAsStarted {
        @Test
        void runsTheReleaseThatWasAskedFor() {
            assertThat(EtcdRelease.requested().includes(cluster.binary().version()))
                    .isTrue();
        }

        @Test
        void hasThreeHealthyMembersWithTwoEndpointsEach() {
            cluster.awaitHealthy(SOON);

            assertThat(cluster.members()).hasSize(3).allMatch(Member::isRunning);
            assertThat(cluster.endpoints())
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(cluster.directEndpoints());
            assertThat(cluster.members()).contains(cluster.leader());
        }
    }

    @Nested
    class KeysAndValues {
        @Test
        void aWriteIsReadAtItsRevision() {
            long revision = cluster.put("key", "value");

            KeyValue entry = cluster.entry("key").orElseThrow();
            assertThat(entry.valueText()).isEqualTo("value");
            assertThat(entry.modRevision()).isEqualTo(revision).isEqualTo(cluster.revision());
        }

        @Test
        void anEmptyValueIsNotAnAbsentOne() {
            cluster.put("key", "");
            assertThat(cluster.get("key"))
                    .hasValueSatisfying(value -> assertThat(value).isEmpty());

            long removal = cluster.delete("key");
            assertThat(cluster.get("key")).isEmpty();
            assertThat(cluster.revision()).isEqualTo(removal);
        }

        @Test
        void bytesAreExact() {
            byte[] key = {(byte) 0xff, 0, 1};
            byte[] value = {0, (byte) 0xff};
            cluster.put(key, value);

            assertThat(cluster.get(key)).contains(value);
            assertThat(cluster.entries(new byte[] {(byte) 0xff}))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.key()).isEqualTo(key));
        }

        @Test
        void aPrefixIsReadPageByPageAndRemovedAtOneRevision() {
            for (int batch = 0; batch < 11; batch++) {
                int first = 100 * batch;
                cluster.transaction(t -> {
                    for (int i = first; i < first + 100; i++) {
                        t.put(String.format("many/%04d", i), "v" + i);
                    }
                });
            }
            cluster.put("manz", "outside");

            assertThat(cluster.getPrefix("many/"))
                    .hasSize(1100)
                    .containsEntry("many/0000", "v0")
                    .containsEntry("many/1099", "v1099");
            long before = cluster.revision();
            assertThat(cluster.deletePrefix("many/")).isEqualTo(before + 1);
            assertThat(cluster.getPrefix("").keySet()).containsExactly("manz");
        }

        @Test
        void aTransactionIsOneRevision() {
            cluster.put("old", "x");

            long revision =
                    cluster.transaction(t -> t.put("a", "1").put("b", "2").delete("old"));

            assertThat(cluster.entries("")).extracting(KeyValue::modRevision).containsExactly(revision, revision);
        }

        @Test
        void aCompactedRevisionCannotBeReadAnyMore() {
            long old = cluster.put("key", "1");
            cluster.put("key", "2");

            assertThat(cluster.compact()).isEqualTo(cluster.revision());
            assertThat(cluster.compact()).isEqualTo(cluster.revision());

            assertThatThrownBy(() -> cluster.call("/v3/kv/range", "{\"key\":\"a2V5\",\"revision\":" + old + "}"))
                    .isInstanceOf(EtcdRequestException.class)
                    .hasMessageContaining("required revision has been compacted");
            assertThat(get("key")).isEqualTo("2");
        }

        @Test
        void metricsAreRead() {
            assertThat(cluster.member(0).metric("etcd_debugging_mvcc_watcher_total"))
                    .isZero();
            assertThat(cluster.member(0).metric("etcd_server_has_leader")).isEqualTo(1);
            assertThatThrownBy(() -> cluster.member(0).metric("no_such_metric"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no_such_metric");
        }
    }

    @Nested
    class ALease {
        @Test
        void isListedWithTheTimeItHasLeft() {
            long lease = cluster.grantLease(Duration.ofMinutes(10));

            assertThat(cluster.leases()).containsExactly(lease);
            assertThat(cluster.timeToLive(lease).orElseThrow())
                    .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        }

        @Test
        void takesItsKeysWithItWhenItIsRevoked() {
            long lease = cluster.grantLease(Duration.ofMinutes(10));
            cluster.put("key", "value", lease);
            assertThat(cluster.entry("key").orElseThrow().lease()).isEqualTo(lease);

            cluster.revokeLease(lease);

            assertThat(cluster.entry("key")).isEmpty();
            assertThat(cluster.leases()).isEmpty();
            assertThat(cluster.timeToLive(lease)).isEmpty();
        }
    }

    @Nested
    class AMember {
        @Test
        void keepsItsDataWhenItIsKilledAndStarted() {
            Member victim = cluster.leader();
            long pid = victim.pid();
            long before = cluster.put("key", "before");

            victim.kill();
            assertThat(ProcessHandle.of(pid)).isEmpty();
            assertThat(victim.isRunning()).isFalse();
            assertThatThrownBy(victim::pid).isInstanceOf(IllegalStateException.class);
            cluster.put("other", "meanwhile");

            victim.start();
            assertThat(victim.pid()).isNotEqualTo(pid);
            assertThat(victim.entry("key").orElseThrow().modRevision()).isEqualTo(before);
            assertThat(victim.get("other")).contains("meanwhile".getBytes(UTF_8));
        }

        @Test
        void keepsItsDataWhenAllMembersAreKilled() {
            cluster.put("key", "value");

            cluster.members().forEach(Member::kill);
            cluster.members().forEach(Member::start);

            assertThat(get("key")).isEqualTo("value");
        }

        @Test
        void isStoppedAndStarted() {
            Member stopped = follower();

            stopped.stop();
            assertThat(stopped.isRunning()).isFalse();
            cluster.put("key", "value");

            stopped.start();
            assertThat(stopped.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void answersNothingWhilePausedAndTheOthersElectAnother() {
            Member paused = cluster.leader();

            paused.pause();
            cluster.put("key", "value");
            assertThat(cluster.leader()).isNotSameAs(paused);
            assertThatThrownBy(() -> paused.within(SHORT).get("key")).isInstanceOf(EtcdRequestException.class);

            paused.resume();
            cluster.awaitHealthy(SOON);
            assertThat(paused.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void isReadFromAndRestartedThoughThereIsNoSpace() {
            Member full = follower();
            cluster.put("key", "value");
            alarm("ACTIVATE", full);
            try {
                full.kill();
                full.start();
                assertThat(get("key")).isEqualTo("value");
                assertThatThrownBy(() -> cluster.put("key", "more"))
                        .isInstanceOf(EtcdRequestException.class)
                        .hasMessageContaining("database space exceeded");
            } finally {
                alarm("DEACTIVATE", full);
            }
        }

        private void alarm(String action, Member member) {
            cluster.call(
                    "/v3/maintenance/alarm",
                    "{\"action\":\"" + action + "\",\"alarm\":\"NOSPACE\",\"memberID\":\""
                            + Long.toUnsignedString(member.id()) + "\"}");
        }

        @Test
        void becomesTheLeaderWhenToldTo() {
            for (Member member : cluster.members()) {
                member.moveLeaderHere();
                assertThat(cluster.leader()).isSameAs(member);
            }
        }
    }

    @Nested
    class APartition {
        @Test
        void ofTheLeaderLeavesTheMajorityWritableAndTheLeaderWithoutLinearizableReads() {
            Member old = cluster.leader();
            cluster.put("key", "before");

            cluster.isolate(old);
            cluster.put("key", "after");

            assertThat(cluster.leader()).isNotSameAs(old);
            awaitRefusal(old);
            assertThat(old.isRunning()).isTrue();
            String stale = old.call("/v3/kv/range", "{\"key\":\"a2V5\",\"serializable\":true}");
            assertThat(stale).contains("YmVmb3Jl"); // "before"

            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(old.get("key")).contains("after".getBytes(UTF_8));
        }

        @Test
        void ofEachMemberInTurnHealsEachTime() {
            for (Member member : cluster.members()) {
                cluster.isolate(member);
                long revision = cluster.put("key", member.toString());
                awaitRefusal(member);
                cluster.heal();
                cluster.awaitHealthy(SOON);
                assertThat(member.entry("key").map(KeyValue::modRevision)).isEqualTo(Optional.of(revision));
            }
        }

        @Test
        void outlastsARestartOfTheMember() {
            Member member = follower();
            cluster.isolate(member);

            member.kill();
            member.start();

            assertThat(member.isRunning()).isTrue();
            cluster.put("key", "value");
            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(member.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void bySilenceOfTheLeaderLetsTheOthersElectAnother() {
            Member old = cluster.leader();
            cluster.put("key", "before");

            cluster.silence(old);
            cluster.put("key", "after");

            assertThat(cluster.leader()).isNotSameAs(old);
            awaitRefusal(old);

            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(old.get("key")).contains("after".getBytes(UTF_8));
        }

        @Test
        void bySilenceIsNotNoticedByTheSystem() {
            Member silent = follower();
            cluster.awaitHealthy(SOON);
            double before = connectionsLost(silent);

            cluster.silence(silent);
            cluster.put("key", "value");

            assertThat(connectionsLost(silent)).isEqualTo(before);
            cluster.isolate(silent);
            Deadline.in(SOON).await(() -> "lost connections of " + silent, () -> connectionsLost(silent) > before);
        }

        @Test
        void bySilenceOutlastsARestartOfTheMember() {
            Member member = follower();
            cluster.silence(member);

            member.kill();
            member.start();

            cluster.put("key", "value");
            assertThatThrownBy(() -> member.within(Duration.ofSeconds(2)).get("key"))
                    .isInstanceOf(EtcdRequestException.class);
            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(member.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void ofOneWayLeavesAMuteMemberWithTheNewsAndWithoutLinearizableReads() {
            Member mute = follower();
            cluster.awaitHealthy(SOON);

            cluster.mute(mute);
            cluster.put("key", "value");

            Deadline.in(SOON)
                    .await(
                            () -> mute + " to hear of the write",
                            () -> serializably(mute).contains("dmFsdWU=")); // "value"
            assertThatThrownBy(() -> mute.within(SHORT).get("key")).isInstanceOf(EtcdRequestException.class);
            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(mute.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void ofTheOtherWayLeavesADeafMemberWithoutNews() {
            Member deaf = follower();
            cluster.awaitHealthy(SOON);

            cluster.deafen(deaf);
            cluster.put("key", "value");

            assertThat(serializably(deaf)).doesNotContain("dmFsdWU=");
            assertThatThrownBy(() -> deaf.within(SHORT).get("key")).isInstanceOf(EtcdRequestException.class);
            cluster.heal();
            cluster.awaitHealthy(SOON);
            assertThat(deaf.get("key")).contains("value".getBytes(UTF_8));
        }

        @Test
        void bySilenceOfWhatTheLeaderSaysLetsTheOthersElectAnother() {
            Member old = cluster.leader();

            cluster.mute(old);
            cluster.put("key", "value");

            assertThat(cluster.leader()).isNotSameAs(old);
        }

        private static String serializably(Member member) {
            return member.call("/v3/kv/range", "{\"key\":\"a2V5\",\"serializable\":true}");
        }

        @Test
        void ofAllLinksLeavesNoLeader() {
            List<Member> members = cluster.members();
            cluster.cut(members.get(0), members.get(1));
            cluster.cut(members.get(1), members.get(2));
            cluster.cut(members.get(0), members.get(2));

            members.forEach(EtcdClusterIT::awaitRefusal);
            assertThatThrownBy(() -> cluster.within(SHORT).put("key", "value"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a leader");

            cluster.heal();
            cluster.put("key", "value");
        }
    }
}
