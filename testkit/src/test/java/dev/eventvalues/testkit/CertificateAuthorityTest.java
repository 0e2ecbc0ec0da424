package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;

    @BeforeAll
    static void create() {
        authority = CertificateAuthority.create(directory.resolve("one"), "An authority, for tests");
    }

    private static X509Certificate certificate(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(pem).replaceAll("-----.*-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }

    @Test
    void itsCertificateIsInBothForms() throws Exception {
        X509Certificate pem = certificate(authority.certificatePem());
        KeyStore store = KeyStore.getInstance(
                authority.pkcs12().toFile(), authority.pkcs12Password().toCharArray());

        assertThat(pem.getSubjectX500Principal().getName()).isEqualTo("CN=An authority\\, for tests");
        assertThat(pem.getBasicConstraints()).isNotNegative();
        assertThat(store.getCertificate(store.aliases().nextElement())).isEqualTo(pem);
        assertThat(store.size()).isOne();
    }

    @Test
    void aServersCertificateNamesItsHostsAndIsForBothSides() throws Exception {
        X509Certificate certificate = certificate(
                authority.issueServer("a server", "example.org", "10.1.2.3").certificatePem());

        certificate.verify(certificate(authority.certificatePem()).getPublicKey());
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "example.org"), List.of(7, "10.1.2.3"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER_AUTH, CLIENT_AUTH);
    }

    @Test
    void aServerIsOnLoopbackUnlessToldOtherwise() throws Exception {
        TlsIdentity server = authority.issueServer("loopback");

        assertThat(certificate(server.certificatePem()).getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    }

    @Test
    void aClientsCertificateAndKeyAreTheSameInAllForms() throws Exception {
        TlsIdentity client = authority.issueClient("alice");

        X509Certificate certificate = certificate(client.certificatePem());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=alice");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
        char[] password = client.pkcs12Password().toCharArray();
        KeyStore store = KeyStore.getInstance(client.pkcs12().toFile(), password);
        String alias = store.aliases().nextElement();
        assertThat(store.getKey(alias, password)).isEqualTo(key(client.privateKeyPem()));
        assertThat(store.getCertificateChain(alias))
                .containsExactly(certificate, certificate(authority.certificatePem()));
    }

    @Test
    void anIdentityIssuedAgainHasTheSameFilesAndAnotherKey() throws Exception {
        TlsIdentity first = authority.issueClient("bob");
        PrivateKey key = key(first.privateKeyPem());

        TlsIdentity second = authority.issueClient("bob");

        assertThat(second.privateKeyPem()).isEqualTo(first.privateKeyPem());
        assertThat(key(first.privateKeyPem())).isNotEqualTo(key);
        try (var files = Files.list(first.privateKeyPem().getParent())) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void anIdentityIsReplacedWithThatOfAnotherAuthority() throws Exception {
        TlsIdentity mine = authority.issueClient("carol");
        CertificateAuthority other = CertificateAuthority.create(directory.resolve("other"), "Another");

        mine.replaceWith(other.issueClient("carol"));

        certificate(mine.certificatePem())
                .verify(certificate(other.certificatePem()).getPublicKey());
    }

    @Test
    void whatAnExpiredAuthorityIssuesHasExpired() throws Exception {
        X509Certificate certificate =
                certificate(authority.expired().issueServer("old").certificatePem());

        assertThatThrownBy(certificate::checkValidity).isInstanceOf(CertificateExpiredException.class);
    }
}
