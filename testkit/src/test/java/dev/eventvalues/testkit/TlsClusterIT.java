package dev.eventvalues.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsClusterIT {
    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static CertificateAuthority other;

    @BeforeAll
    static void create() {
        authority = CertificateAuthority.create(directory.resolve("authority"), "authority");
        other = CertificateAuthority.create(directory.resolve("other"), "other");
    }

    private static EtcdCluster start(ClusterTls tls) {
        return EtcdCluster.builder().tls(tls).start();
    }

    /** Asks as a client does that is careful, on a new connection. */
    private static HttpResponse<String> ask(EtcdCluster cluster, CertificateAuthority trusted, TlsIdentity... shown)
            throws IOException, GeneralSecurityException, InterruptedException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(trusted.pkcs12(), trusted.pkcs12Password()));
        KeyManager[] keys = {};
        for (TlsIdentity identity : shown) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(
                    store(identity.pkcs12(), identity.pkcs12Password()),
                    identity.pkcs12Password().toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(cluster.endpoints().get(0) + "/version"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newBuilder().sslContext(context).build().send(request, BodyHandlers.ofString());
    }

    private static KeyStore store(Path pkcs12, String password) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(pkcs12.toFile(), password.toCharArray());
    }

    private static X509Certificate shownBy(EtcdCluster cluster)
            throws IOException, GeneralSecurityException, InterruptedException {
        return (X509Certificate)
                ask(cluster, authority).sslSession().orElseThrow().getPeerCertificates()[0];
    }

    private static void assertThatTheOracleWorks(EtcdCluster cluster) {
        cluster.put("key", "value");
        assertThat(cluster.get("key")).contains("value".getBytes(UTF_8));
        assertThat(cluster.member(0).metric("etcd_server_has_leader")).isEqualTo(1);
    }

    @Test
    void clientsThatTrustTheAuthorityAreServedAndOthersLeave() throws Exception {
        try (EtcdCluster cluster = start(ClusterTls.presenting(authority.issueServer("server")))) {
            assertThat(cluster.endpoints()).allMatch(endpoint -> endpoint.startsWith("https://127.0.0.1:"));
            assertThat(cluster.directEndpoints()).allMatch(endpoint -> endpoint.startsWith("https://127.0.0.1:"));
            assertThatTheOracleWorks(cluster);

            assertThat(ask(cluster, authority).body()).contains("etcdserver");
            assertThatThrownBy(() -> ask(cluster, other)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void clientsMustShowACertificateIfDemanded() throws Exception {
        ClusterTls tls =
                ClusterTls.presenting(authority.issueServer("demanding")).demandingClientsOf(authority);
        try (EtcdCluster cluster = start(tls)) {
            assertThatTheOracleWorks(cluster);

            assertThat(ask(cluster, authority, authority.issueClient("alice")).statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> ask(cluster, authority)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ask(cluster, authority, other.issueClient("mallory")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRenewedCertificateIsShownFromTheNextConnectionOn() throws Exception {
        try (EtcdCluster cluster = start(ClusterTls.presenting(authority.issueServer("renewed")))) {
            X509Certificate before = shownBy(cluster);

            authority.issueServer("renewed");

            assertThat(shownBy(cluster)).isNotEqualTo(before);
            assertThatTheOracleWorks(cluster);
        }
    }

    @Test
    void aBadCertificateIsRefusedByClientsButNotByTheOracle() throws Exception {
        TlsIdentity server = authority.issueServer("bad");
        try (EtcdCluster cluster = start(ClusterTls.presenting(server))) {
            for (TlsIdentity bad : new TlsIdentity[] {
                authority.expired().issueServer("old"),
                authority.issueServer("elsewhere", "example.org"),
                other.issueServer("foreign")
            }) {
                server.replaceWith(bad);
                cluster.member(0).kill();
                cluster.member(0).start();

                assertThatThrownBy(() -> ask(cluster, authority))
                        .as("%s", bad)
                        .isInstanceOf(SSLHandshakeException.class);
                assertThatTheOracleWorks(cluster);
            }
        }
    }

    @Test
    void membersOfALargerClusterAreKilledAndStarted() {
        ClusterTls tls = ClusterTls.presenting(authority.issueServer("three")).demandingClientsOf(authority);
        try (EtcdCluster cluster = EtcdCluster.builder().members(3).tls(tls).start()) {
            cluster.leader().kill();
            cluster.put("key", "value");
            cluster.isolate(cluster.leader());
            cluster.repair();

            assertThatTheOracleWorks(cluster);
        }
    }
}
