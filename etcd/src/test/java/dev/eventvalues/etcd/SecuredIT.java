package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Logs;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.CertificateAuthority;
import dev.eventvalues.testkit.ClusterTls;
import dev.eventvalues.testkit.EtcdAuth;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS: who is trusted, who is let in, and certificates that change while a service runs. */
class SecuredIT extends ThreeMembers {
    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static CertificateAuthority other;
    private static TlsIdentity original;
    private static TlsIdentity server;

    /** Shows a certificate and asks for none. */
    private static EtcdCluster open;

    /** Demands one. */
    private static EtcdCluster mutual;

    @BeforeAll
    static void startClusters() {
        authority = CertificateAuthority.create(directory.resolve("authority"), "authority");
        other = CertificateAuthority.create(directory.resolve("other"), "other");
        original = authority.issueServer("original");
        server = authority.issueServer("server");
        open = EtcdCluster.builder().tls(ClusterTls.presenting(server)).start();
        mutual = EtcdCluster.builder()
                .tls(ClusterTls.presenting(original).demandingClientsOf(authority))
                .start();
    }

    @AfterAll
    static void stopClusters() {
        open.close();
        mutual.close();
    }

    @AfterEach
    void restoreTheCertificate() {
        server.replaceWith(original);
    }

    private EtcdValues.Builder of(EtcdCluster secured) {
        return settings().endpoints(secured.endpoints().toArray(String[]::new));
    }

    private EtcdValues.Builder trusting(EtcdCluster secured) {
        return of(secured).trust(authority.certificatePem());
    }

    private void assertWorks(EtcdValues.Builder settings) throws Exception {
        WritableEtcdValue<String> value = own(client(settings)).value("a", Codec.utf8());
        value.set("one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            value.set("two");
            assertNext(watcher, "two");
        }
    }

    private EtcdException refusal(EtcdValues.Builder settings) {
        WritableEtcdValue<String> value = own(client(settings)).value("a", Codec.utf8());
        EtcdException refusal;
        try (Watcher<Optional<String>> watcher = value.watch()) {
            refusal = refusal(watcher);
            assertSilent(watcher);
        }
        assertThatThrownBy(() -> value.await(BOUND)).isInstanceOf(EtcdTlsException.class);
        assertPrompt(() -> assertThatThrownBy(
                        () -> own(client(settings)).value("a", Codec.utf8()).await(BOUND))
                .isInstanceOf(EtcdTlsException.class));
        assertThatThrownBy(() -> value.set("one"))
                .as("nothing was sent")
                .isInstanceOf(EtcdTlsException.class)
                .hasMessageContaining("\"a\"");
        return refusal;
    }

    private static EtcdException refusal(Watcher<?> watcher) {
        try {
            Object state = watcher.next(BOUND);
            throw new AssertionError("not refused, but " + state);
        } catch (EtcdTlsException e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError("not told in time", e);
        }
    }

    @Nested
    class TheServer {
        @Test
        void isTrustedIfItsAuthorityIs() throws Exception {
            assertWorks(trusting(open));
        }

        @Test
        void isTrustedIfItsAuthorityIsInAPkcs12File() throws Exception {
            assertWorks(of(open).trust(
                            authority.pkcs12(), authority.pkcs12Password().toCharArray()));
        }

        @Test
        void isNotTrustedByDefault() {
            assertThat(refusal(of(open)))
                    .hasMessageContaining(open.endpoints().get(0))
                    .hasMessageContaining("give that authority to trust(...)");
        }

        @Test
        void isNotTrustedIfItsAuthorityIsAnother() {
            assertThat(refusal(of(open).trust(other.certificatePem()))).hasMessageContaining("authority");
        }

        @Test
        void isRefusedIfItsCertificateIsForAnotherHostUntilItIsMended() throws Exception {
            server.replaceWith(authority.issueServer("elsewhere", "example.test"));
            WritableEtcdValue<String> value = own(client(trusting(open))).value("a", Codec.utf8());
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertThat(refusal(watcher)).hasMessageContaining("not for this host");
                server.replaceWith(original);
                assertThat(next(watcher)).isEmpty();
                value.set("one");
                assertNext(watcher, "one");
            }
        }

        @Test
        void isRefusedIfItsCertificateHasExpired() {
            server.replaceWith(authority.expired().issueServer("late"));
            assertThat(refusal(trusting(open))).hasMessageContaining("has expired (NotAfter:");
        }

        @Test
        void thatDoesNotSpeakTlsIsRefused() {
            assertThat(refusal(settings()
                            .endpoints(cluster.member(0).endpoint().replace("http:", "https:"))
                            .trust(authority.certificatePem())))
                    .hasMessageContaining("use http:// instead");
        }

        @Test
        void thatSpeaksTlsToAClientWithoutIsRefused() {
            assertThat(refusal(settings().endpoints(open.endpoints().get(0).replace("https:", "http:"))))
                    .hasMessageContaining("use https:// instead");
        }

        @Test
        void isPassedOverIfAnotherMemberIsWell() throws Exception {
            EtcdValues.Builder settings = trusting(open)
                    .endpoints(
                            open.endpoints()
                                    .get(0)
                                    .replace("127.0.0.1", "127.0.0.2"), // for which it has no certificate
                            open.endpoints().get(0));
            assertWorks(settings);
        }
    }

    @Nested
    class TheClient {
        @Test
        void isLetInWithItsCertificate() throws Exception {
            TlsIdentity client = authority.issueClient("client");
            assertWorks(trusting(mutual).identity(client.certificatePem(), client.privateKeyPem()));
        }

        @Test
        void isLetInWithItsPkcs12File() throws Exception {
            TlsIdentity client = authority.issueClient("client");
            assertWorks(trusting(mutual)
                    .identity(client.pkcs12(), client.pkcs12Password().toCharArray()));
        }

        @Test
        void isTheUserThatItsCertificateNames() throws Exception {
            EtcdAuth auth = mutual.auth();
            auth.enable("root");
            try {
                auth.addUser("alice", "not used");
                auth.addRole("reader and writer");
                auth.permit("reader and writer", prefix, EtcdAuth.Permission.READWRITE);
                auth.grantRole("alice", "reader and writer");
                TlsIdentity alice = authority.issueClient("alice");
                EtcdValues.Builder settings = trusting(mutual).identity(alice.certificatePem(), alice.privateKeyPem());
                assertWorks(settings);
                assertThatThrownBy(() -> client(settings)
                                .value("elsewhere", Codec.utf8())
                                .set("one"))
                        .isInstanceOf(EtcdAccessDeniedException.class);
            } finally {
                auth.disable();
            }
        }

        @Test
        void isRefusedWithoutOne() {
            assertThat(refusal(trusting(mutual))).hasMessageContaining("demands a client certificate");
        }

        @Test
        void isRefusedWithOneOfAnotherAuthority() {
            TlsIdentity foreign = other.issueClient("foreign");
            assertThat(refusal(trusting(mutual).identity(foreign.certificatePem(), foreign.privateKeyPem())))
                    .hasMessageContaining("demands a client certificate");
        }

        @Test
        void isRefusedWithOneThatHasExpired() {
            TlsIdentity late = authority.expired().issueClient("late");
            for (int i = 0; i < 5; i++) { // the server's word is sometimes lost with the connection
                assertThat(refusal(trusting(mutual).identity(late.certificatePem(), late.privateKeyPem())))
                        .hasMessageContaining("expired");
            }
        }
    }

    @Nested
    class WhileAWatcherRuns {
        private final List<String> heard = new ArrayList<>();

        /** Writes, and waits until it is heard; over a new connection. */
        private void follow(EtcdCluster secured, Watcher<Optional<String>> watcher, String value) throws Exception {
            secured.cutClients();
            secured.put(key("a"), value);
            assertNext(watcher, value);
            heard.add(value);
        }

        private void replace(Path file, String content) throws IOException {
            Path draft = Files.writeString(directory.resolve("draft"), content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }

        @Test
        void theAuthorityMayBeReplaced() throws Exception {
            String before = Files.readString(authority.certificatePem());
            String after = Files.readString(other.certificatePem());
            Path trusted = Files.writeString(directory.resolve("trusted.pem"), before);
            EtcdValue<String> value = own(client(of(open).trust(trusted))).value("a", Codec.utf8());
            open.put(key("a"), "before");
            try (Logs logs = Logs.capture();
                    Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "before");
                replace(trusted, before + "both for a while\n" + after);
                follow(open, watcher, "both are trusted");
                server.replaceWith(other.issueServer("renewed"));
                follow(open, watcher, "the server is of the new one");
                replace(trusted, after);
                follow(open, watcher, "the old one is trusted no more");
                replace(trusted, after.substring(0, after.length() / 2));
                follow(open, watcher, "half a file is ignored");
                assertThat(logs.messages())
                        .anyMatch(message -> message.contains("go on with the certificates read before"));
                replace(trusted, after);
                server.replaceWith(original);
                open.cutClients();
                assertThat(refusal(watcher)).hasMessageContaining("trust(...)");
                replace(trusted, before);
                open.put(key("a"), "after");
                assertNext(watcher, "after");
            }
            assertThat(heard).hasSize(4);
        }

        @Test
        void theClientsCertificateMayBeReplaced() throws Exception {
            TlsIdentity client = authority.issueClient("rotated");
            TlsIdentity renewed = authority.issueClient("renewed");
            EtcdValue<String> value = own(client(
                            trusting(mutual).identity(client.certificatePem(), client.privateKeyPem())))
                    .value("a", Codec.utf8());
            mutual.put(key("a"), "before");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "before");
                Files.copy(renewed.certificatePem(), client.certificatePem(), StandardCopyOption.REPLACE_EXISTING);
                follow(mutual, watcher, "the key is still the old one");
                client.replaceWith(renewed);
                follow(mutual, watcher, "both are new");
                client.replaceWith(authority.expired().issueClient("late"));
                mutual.cutClients();
                assertThat(refusal(watcher)).hasMessageContaining("expired");
                mutual.put(key("a"), "meanwhile");
                client.replaceWith(renewed);
                assertNext(watcher, "meanwhile");
            }
        }
    }
}
