package dev.eventvalues.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplacedMemberIT {
    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

    private final EtcdCluster cluster = etcd.cluster();

    private void assertReplaced(Member member) {
        String endpoint = member.endpoint();
        long cluster = this.cluster.id();
        long id = member.id();
        long pid = member.pid();
        long revision = this.cluster.put("key", "value");

        member.replace();

        assertThat(member.pid()).isNotEqualTo(pid);
        assertThat(member.id()).isNotEqualTo(id);
        assertThat(member.endpoint()).isEqualTo(endpoint);
        assertThat(member.entry("key").orElseThrow().modRevision()).isEqualTo(revision);
        assertThat(this.cluster.id()).isEqualTo(cluster);
    }

    @Test
    void aNewMemberIsInThePlaceOfTheOldAndKnowsWhatTheOthersKnow() {
        for (Member member : cluster.members()) {
            assertReplaced(member);
        }
        cluster.member(2).moveLeaderHere();
    }

    @Test
    void theLeaderIsReplaced() {
        assertReplaced(cluster.leader());
    }

    @Test
    void aMemberThatDoesNotRunIsReplacedAndThenIsLikeAnyOther() {
        Member member = cluster.member(0);
        long id = member.id();
        member.kill();

        member.replace();

        assertThat(member.id()).isNotEqualTo(id);
        member.kill();
        cluster.put("key", "value");
        member.start();
        assertThat(member.get("key")).contains("value".getBytes(UTF_8));
        cluster.isolate(member);
        cluster.put("key", "other");
    }

    /** etcd makes ids of the time in seconds, and refuses one that it has removed. */
    @Test
    void aMemberIsReplacedAgainAtOnce() {
        for (int i = 0; i < 4; i++) {
            assertReplaced(cluster.member(1));
        }
    }

    @Test
    void itIsReplacedWhileTheClusterHasUsers() {
        cluster.auth().enable("root's");

        assertReplaced(cluster.member(1));
    }

    @Test
    void theOnlyMemberCannotBeReplaced() {
        try (EtcdCluster alone = EtcdCluster.start(1)) {
            Member member = alone.member(0);
            alone.put("key", "value");

            assertThatThrownBy(member::replace)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("majority");

            assertThat(member.get("key")).contains("value".getBytes(UTF_8));
        }
    }
}
