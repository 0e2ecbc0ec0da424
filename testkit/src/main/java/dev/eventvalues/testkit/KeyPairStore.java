package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;

/** A key pair as {@code keytool} has made it, written in the forms that other programs read. */
final class KeyPairStore {
    private static final char[] PASSWORD = Keytool.PASSWORD.toCharArray();

    private final Key privateKey;
    private final Certificate certificate;

    private KeyPairStore(Key privateKey, Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
    }

    static KeyPairStore read(Path pkcs12, String alias) throws IOException, GeneralSecurityException {
        KeyStore store = open(pkcs12);
        return new KeyPairStore(store.getKey(alias, PASSWORD), store.getCertificate(alias));
    }

    static KeyStore open(Path pkcs12) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(pkcs12.toFile(), PASSWORD);
    }

    /** Writes its certificate as PEM and as a store that is trusted. */
    void writeTrust(Path pem, Path pkcs12) throws IOException, GeneralSecurityException {
        writePem(pem, "CERTIFICATE", certificate.getEncoded());
        KeyStore trust = empty();
        trust.setCertificateEntry("authority", certificate);
        write(trust, pkcs12);
    }

    /** Writes its private key with a certificate that was signed by somebody else. */
    void writeIdentity(TlsIdentity identity, Path signed, Path issuer) throws IOException, GeneralSecurityException {
        Certificate[] chain = {certificate(signed), certificate(issuer)};
        writePem(identity.certificatePem(), "CERTIFICATE", chain[0].getEncoded());
        writePem(identity.privateKeyPem(), "PRIVATE KEY", privateKey.getEncoded());
        KeyStore both = empty();
        both.setKeyEntry("identity", privateKey, PASSWORD, chain);
        write(both, identity.pkcs12());
    }

    private static Certificate certificate(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
    }

    private static void writePem(Path file, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }
}
