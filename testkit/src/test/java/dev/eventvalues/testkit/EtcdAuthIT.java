package dev.eventvalues.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EtcdAuthIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.shared(3);

    private final EtcdCluster cluster = etcd.cluster();
    private final EtcdAuth auth = cluster.auth();

    /** A user of one member, with the token they got when they logged in. */
    private record User(Gateway gateway, Optional<String> token) {
        static User of(Member member, String name, String password) {
            Gateway gateway = new Gateway(member.directEndpoint());
            return new User(gateway, gateway.authenticate(new Session.Login(name, password), SOON));
        }

        void read(String key) {
            gateway.post("/v3/kv/range", EtcdStore.range(key.getBytes(UTF_8)), SOON, token);
        }

        void remove(String key) {
            gateway.post("/v3/kv/deleterange", EtcdStore.range(key.getBytes(UTF_8)), SOON, token);
        }
    }

    private User nobody() {
        return new User(new Gateway(cluster.leader().directEndpoint()), Optional.empty());
    }

    private User alice(Member member) {
        return User.of(member, "alice", "secret");
    }

    private void enableWithAlice() {
        auth.enable("root's");
        auth.addUser("alice", "secret");
        auth.addRole("reader");
        auth.grantRole("alice", "reader");
        auth.permit("reader", "open/", EtcdAuth.Permission.READ);
    }

    private static void assertRefused(String why, ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOf(EtcdRequestException.class).hasMessageContaining(why);
    }

    @Test
    void whoDoesNotLogInIsRefusedAndTheOracleIsNot() {
        auth.enable("root's");

        assertRefused("user name is empty", () -> nobody().read("any"));
        cluster.put("key", "value");
        assertThat(cluster.members())
                .allSatisfy(member -> assertThat(member.get("key")).contains("value".getBytes(UTF_8)));
        cluster.member(1).moveLeaderHere();
        assertThat(cluster.member(1).leases()).isEmpty();
    }

    @Test
    void usersMayDoWhatTheirRolesPermitOnAllMembers() {
        enableWithAlice();

        for (Member member : cluster.members()) {
            alice(member).read("open/a");
            assertRefused("permission denied", () -> alice(member).read("other"));
            assertRefused("permission denied", () -> alice(member).remove("open/a"));
        }

        auth.permit("reader", "", EtcdAuth.Permission.READWRITE);
        cluster.members().forEach(member -> alice(member).remove("other"));
    }

    @Test
    void whatIsTakenAwayIsMissingOnAllMembers() {
        enableWithAlice();

        auth.forbid("reader", "open/");
        assertThat(cluster.members())
                .allSatisfy(member ->
                        assertRefused("permission denied", () -> alice(member).read("open/a")));

        auth.permit("reader", "open/", EtcdAuth.Permission.READ);
        alice(cluster.member(0)).read("open/a");
        auth.revokeRole("alice", "reader");
        assertRefused("permission denied", () -> alice(cluster.member(0)).read("open/a"));

        auth.deleteUser("alice");
        assertRefused("authentication failed", () -> alice(cluster.member(0)));
    }

    @Test
    void aChangedPasswordMakesTokensWorthless() {
        enableWithAlice();
        User before = alice(cluster.leader());
        before.read("open/a");

        auth.changePassword("alice", "new");

        assertRefused("invalid auth token", () -> before.read("open/a"));
        assertRefused("authentication failed", () -> alice(cluster.leader()));
        User.of(cluster.leader(), "alice", "new").read("open/a");
    }

    @Test
    void theOracleLogsInAgainWhenItsTokenIsForgotten() {
        auth.enable("root's");
        auth.changePassword("root", "new");
        cluster.put("key", "value");

        cluster.members().forEach(Member::kill);
        cluster.members().forEach(Member::start);

        assertThat(cluster.get("key")).contains("value".getBytes(UTF_8));
    }

    @Test
    void afterItIsDisabledNobodyNeedsToLogInAndItCanBeEnabledAnew() {
        enableWithAlice();

        auth.disable();
        auth.disable();

        assertThatCode(() -> nobody().read("any")).doesNotThrowAnyException();
        assertThat(cluster.call("/v3/auth/user/list", "{}")).doesNotContain("users");
        assertThat(cluster.call("/v3/auth/role/list", "{}")).doesNotContain("roles");

        auth.enable("another");
        cluster.put("key", "value");
    }

    @Test
    void usersAddedInAdvanceAreRemovedToo() {
        auth.addUser("alice", "secret");

        auth.disable();

        assertThat(cluster.call("/v3/auth/user/list", "{}")).doesNotContain("users");
    }

    /** The second test finds nothing of what the first has done. */
    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class AfterATest {
        @Test
        @Order(1)
        void authenticationAndLeasesAreLeft() {
            enableWithAlice();
            cluster.grantLease(Duration.ofMinutes(10));
            cluster.members().forEach(Member::kill);
        }

        @Test
        @Order(2)
        void theyAreGone() {
            nobody().read("any");
            assertThat(cluster.leases()).isEmpty();
        }
    }

    @Nested
    class WithCertificatesOfClients {
        @TempDir
        static Path directory;

        @Test
        void theOracleIsRootNonetheless() {
            CertificateAuthority authority = CertificateAuthority.create(directory, "authority");
            ClusterTls tls =
                    ClusterTls.presenting(authority.issueServer("server")).demandingClientsOf(authority);
            try (EtcdCluster secure = EtcdCluster.builder().tls(tls).start()) {
                secure.auth().enable("root's");
                secure.put("key", "value");

                assertThat(secure.get("key")).contains("value".getBytes(UTF_8));
            }
        }
    }
}
