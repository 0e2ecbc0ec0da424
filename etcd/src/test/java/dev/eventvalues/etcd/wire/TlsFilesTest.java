package dev.eventvalues.etcd.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.testkit.CertificateAuthority;
import dev.eventvalues.testkit.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of certificates and keys: which forms can be read, and what is said of those that cannot. */
class TlsFilesTest {
    private static final List<Endpoint> SECURE = List.of(Endpoint.parse("https://127.0.0.1:1"));

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static TlsIdentity identity;

    @BeforeAll
    static void issue() {
        authority = CertificateAuthority.create(directory.resolve("authority"), "authority");
        identity = authority.issueClient("client");
    }

    private static Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Nested
    class Keys {
        private void assertReads(KeyPair pair, String type, byte[] der) throws GeneralSecurityException {
            PrivateKey read = Pem.privateKey(("some words\r\n" + pem(type, der)).getBytes(UTF_8));
            assertThat(PrivateKeys.match(read, pair.getPublic())).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"RSA", "EC", "Ed25519"})
        void ofPkcs8AreRead(String algorithm) throws GeneralSecurityException {
            KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            assertReads(pair, "PRIVATE KEY", pair.getPrivate().getEncoded());
        }

        @Test
        void asOpensslUsedToWriteThemAreRead() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            byte[] pkcs8 = pair.getPrivate().getEncoded();
            assertReads(pair, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length)); // without the envelope
        }

        @Test
        void asGoWritesThemAreRead() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            BigInteger secret = ((ECPrivateKey) pair.getPrivate()).getS();
            assertReads(
                    pair,
                    "EC PRIVATE KEY",
                    bytes("30310201010420" + String.format("%064x", secret) + "a00a06082a8648ce3d030107"));
        }

        @Test
        void thatAreEncryptedAreRefusedWithAWayOut() {
            for (String text : List.of(
                    pem("ENCRYPTED PRIVATE KEY", new byte[100]),
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----")) {
                assertThatThrownBy(() -> Pem.privateKey(text.getBytes(UTF_8))).hasMessageContaining("PKCS#12");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"})
        void thatAreMalformedAreRefused(String type) {
            for (int length = 0; length < 40; length++) {
                byte[] der = new byte[length];
                Arrays.fill(der, (byte) 0x84);
                assertThatThrownBy(() -> Pem.privateKey(pem(type, der).getBytes(UTF_8)))
                        .isInstanceOf(GeneralSecurityException.class)
                        .hasNoCause();
            }
        }
    }

    @Nested
    class AFile {
        private void assertRefused(TlsFiles files, Path file, String problem) {
            assertThatThrownBy(() -> Security.of(null, files, SECURE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(problem);
        }

        private TlsFiles trust(Path file) {
            return new TlsFiles(TlsFiles.trustPem(file), null);
        }

        private TlsFiles identity(Path certificate, Path key) {
            return new TlsFiles(null, TlsFiles.identityPem(certificate, key));
        }

        @Test
        void thatIsMissingIsNamed() {
            Path missing = directory.resolve("missing.pem");
            assertRefused(trust(missing), missing, "there is no such file");
            assertRefused(identity(identity.certificatePem(), missing), missing, "there is no such file");
        }

        @Test
        void withoutACertificateIsNamed() throws IOException {
            Path words = file("words.pem", "hello");
            assertRefused(trust(words), words, "no certificate");
            assertRefused(trust(identity.privateKeyPem()), identity.privateKeyPem(), "no certificate");
            Path nonsense = file("nonsense.pem", pem("CERTIFICATE", new byte[50]));
            assertRefused(trust(nonsense), nonsense, "");
            Path half = file("half.pem", pem("CERTIFICATE", new byte[50]).substring(0, 60));
            assertRefused(trust(half), half, "no certificate");
        }

        @Test
        void withoutAKeyIsNamed() {
            assertRefused(
                    identity(identity.certificatePem(), identity.certificatePem()),
                    identity.certificatePem(),
                    "no private key");
        }

        @Test
        void withTheKeyOfAnotherIsNamed() {
            Path foreign = authority.issueClient("another").privateKeyPem();
            assertRefused(
                    identity(identity.certificatePem(), foreign), foreign, "not that of " + identity.certificatePem());
        }

        @Test
        void ofPkcs12WithAnotherPasswordIsNamed() {
            assertRefused(
                    new TlsFiles(null, TlsFiles.identityPkcs12(identity.pkcs12(), "wrong".toCharArray())),
                    identity.pkcs12(),
                    "the password is wrong");
            assertRefused(
                    new TlsFiles(TlsFiles.trustPkcs12(authority.pkcs12(), "wrong".toCharArray()), null),
                    authority.pkcs12(),
                    "the password is wrong");
        }

        @Test
        void thatIsNotPkcs12IsNamed() {
            assertRefused(
                    new TlsFiles(TlsFiles.trustPkcs12(identity.certificatePem(), new char[0]), null),
                    identity.certificatePem(),
                    "not a PKCS#12 file");
        }

        @Test
        void ofPkcs12WithoutAKeyIsNamed() {
            assertRefused(
                    new TlsFiles(
                            null,
                            TlsFiles.identityPkcs12(
                                    authority.pkcs12(),
                                    authority.pkcs12Password().toCharArray())),
                    authority.pkcs12(),
                    "one private key");
        }

        @Test
        void mayHaveBothTheCertificateAndItsKey() throws IOException {
            Path both = file(
                    "both.pem",
                    Files.readString(identity.privateKeyPem()) + Files.readString(identity.certificatePem()));
            assertThat(Security.of(null, identity(both, both), SECURE).tls()).isNotNull();
        }
    }

    @Nested
    class Endpoints {
        @Test
        void withoutTlsDoNotGoWithCertificates() {
            assertThatThrownBy(() -> Security.of(
                            null,
                            new TlsFiles(TlsFiles.trustPem(authority.certificatePem()), null),
                            List.of(Endpoint.parse("http://127.0.0.1:1"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("http://127.0.0.1:1")
                    .hasMessageContaining("https://");
        }

        @Test
        void areAllSecureOrNone() {
            assertThatThrownBy(() -> Security.of(
                            null,
                            TlsFiles.NONE,
                            List.of(Endpoint.parse("http://127.0.0.1:1"), Endpoint.parse("https://127.0.0.1:2"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("in the clear");
        }
    }
}
