package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CountingIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.shared(3);

    private final EtcdCluster cluster = etcd.cluster();
    private final Member member = cluster.member(0);
    private final int port = URI.create(member.endpoint()).getPort();

    private void awaitAccepted(long connections) {
        Deadline.in(SOON)
                .await(
                        () -> connections + " connections, not " + member.acceptedConnections(),
                        () -> member.acceptedConnections() == connections);
    }

    @Test
    void requestsAreCountedWhereTheyArrive() {
        Requests here = member.requests();
        Requests elsewhere = cluster.member(1).requests();
        Requests everywhere = cluster.requests();

        member.get("key");
        member.get("key");
        cluster.member(1).put("key", "value");

        assertThat(member.requests().since(here).started("Range")).isEqualTo(2);
        assertThat(member.requests().since(here).handled("Range", "OK")).isEqualTo(2);
        assertThat(member.requests().since(here).started("Put")).isZero();
        assertThat(cluster.member(1).requests().since(elsewhere).started("Put")).isOne();
        assertThat(cluster.requests().since(everywhere).handled("Range")).isEqualTo(2);
        assertThat(cluster.requests().since(everywhere).handled("Put")).isOne();
        assertThat(cluster.requests().since(everywhere).failed()).isZero();
    }

    @Test
    void failuresAreCounted() {
        Requests before = cluster.requests();

        assertThatThrownBy(() -> member.revokeLease(4711)).isInstanceOf(EtcdRequestException.class);

        Requests since = cluster.requests().since(before);
        assertThat(since.failed()).isOne();
        assertThat(since.failed("LeaseRevoke")).isOne();
        assertThat(since.handled("LeaseRevoke", "NotFound")).isOne();
    }

    @Test
    void membersThatDoNotAnswerAreLeftOut() {
        cluster.member(0).kill();
        cluster.member(1).pause();

        assertThat(cluster.requests()).hasToString(cluster.member(2).requests().toString());
    }

    @Test
    void connectionsAreCountedWithThoseThatFail() throws IOException {
        long before = member.acceptedConnections();
        long everywhere = cluster.acceptedConnections();
        new Talk(port).close();
        awaitAccepted(before + 1);

        member.kill();
        try (Talk toNobody = new Talk(port)) {
            toNobody.hearUntilReset();
        }
        awaitAccepted(before + 2);

        member.blackHoleClients();
        new Talk(port).close();
        awaitAccepted(before + 3);

        member.refuseClients();
        assertThat(Talk.isRefused(port)).isTrue();
        assertThat(member.acceptedConnections()).isEqualTo(before + 3);
        assertThat(cluster.acceptedConnections()).isEqualTo(everywhere + 3);
    }
}
