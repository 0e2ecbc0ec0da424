package dev.eventvalues.etcd.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which files have the certificates of those we trust, and the certificate by which we are known.
 *
 * @param trust whom to trust; null for whom the JDK trusts
 * @param identity who we are; null for nobody
 */
public record TlsFiles(
        @Nullable Source<List<X509Certificate>> trust,
        @Nullable Source<Identity> identity) {
    /** No files. */
    public static final TlsFiles NONE = new TlsFiles(null, null);

    /**
     * Files, and how to read them.
     *
     * @param <T> what is in them
     * @param files which
     * @param reader makes something of their bytes
     */
    public record Source<T>(List<Path> files, Reader<T> reader) {
        T read(List<byte[]> contents) throws UnusableFileException {
            return reader.read(contents);
        }

        @Override
        public String toString() {
            return files.toString();
        }
    }

    /**
     * Makes something of the bytes of files.
     *
     * @param <T> what
     */
    public interface Reader<T> {
        T read(List<byte[]> contents) throws UnusableFileException;
    }

    /**
     * A certificate with its key.
     *
     * @param chain begins with the certificate itself
     * @param key its private key
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {}

    /** A file is missing or malformed. The message names it, and never shows what is in it. */
    static final class UnusableFileException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableFileException(Path file, String problem) {
            super("cannot use " + file + ": " + problem);
        }
    }

    // ---- whom to trust

    /**
     * The certificates of a PEM file.
     *
     * @param file one or more certificates
     * @return the source; nothing is read yet
     */
    public static Source<List<X509Certificate>> trustPem(Path file) {
        return new Source<>(List.of(file), contents -> of(file, () -> Pem.certificates(contents.get(0))));
    }

    /**
     * The certificates of a PKCS#12 file.
     *
     * @param file certificates; their keys, if any, are not looked at
     * @param password of the file
     * @return the source; nothing is read yet
     */
    public static Source<List<X509Certificate>> trustPkcs12(Path file, char[] password) {
        char[] kept = password.clone();
        return new Source<>(
                List.of(file),
                contents -> of(file, () -> {
                    KeyStore store = open(contents.get(0), kept);
                    List<X509Certificate> certificates = new ArrayList<>();
                    for (String alias : Collections.list(store.aliases())) {
                        if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                            certificates.add(certificate);
                        }
                    }
                    if (certificates.isEmpty()) {
                        throw new GeneralSecurityException("it has no certificate");
                    }
                    return certificates;
                }));
    }

    // ---- who we are

    /**
     * A certificate and its key from PEM files.
     *
     * @param chain the certificate, then those of the authorities that issued it, as far as the server does not know them
     * @param key the private key, not encrypted
     * @return the source; nothing is read yet
     */
    public static Source<Identity> identityPem(Path chain, Path key) {
        return new Source<>(List.of(chain, key), contents -> {
            List<X509Certificate> certificates = of(chain, () -> Pem.certificates(contents.get(0)));
            return of(
                    key,
                    () -> matching(certificates, Pem.privateKey(contents.get(1)), "its key is not that of " + chain));
        });
    }

    /**
     * A certificate and its key from a PKCS#12 file.
     *
     * @param file one private key with its certificates
     * @param password of the file and the key
     * @return the source; nothing is read yet
     */
    public static Source<Identity> identityPkcs12(Path file, char[] password) {
        char[] kept = password.clone();
        return new Source<>(
                List.of(file),
                contents -> of(file, () -> {
                    KeyStore store = open(contents.get(0), kept);
                    List<Identity> identities = new ArrayList<>();
                    for (String alias : Collections.list(store.aliases())) {
                        if (store.isKeyEntry(alias)) {
                            identities.add(identity(store, alias, kept));
                        }
                    }
                    if (identities.size() != 1) {
                        throw new GeneralSecurityException(
                                "it must have one private key with its certificate, and has " + identities.size());
                    }
                    return identities.get(0);
                }));
    }

    private static Identity identity(KeyStore store, String alias, char[] password) throws GeneralSecurityException {
        Key key;
        try {
            key = store.getKey(alias, password);
        } catch (UnrecoverableKeyException e) {
            throw new GeneralSecurityException("its private key has another password than the file");
        }
        Certificate[] chain = store.getCertificateChain(alias);
        if (!(key instanceof PrivateKey privateKey) || chain == null) {
            throw new GeneralSecurityException("its key \"" + alias + "\" is not a private one with a certificate");
        }
        return matching(
                Arrays.stream(chain).map(X509Certificate.class::cast).toList(),
                privateKey,
                "its key is not that of its certificate");
    }

    private static Identity matching(List<X509Certificate> chain, PrivateKey key, String otherwise)
            throws GeneralSecurityException {
        if (!PrivateKeys.match(key, chain.get(0).getPublicKey())) {
            throw new GeneralSecurityException(otherwise);
        }
        return new Identity(chain, key);
    }

    // ---- reading

    private static KeyStore open(byte[] content, char[] password) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(content), password);
        } catch (IOException e) {
            throw new GeneralSecurityException(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "the password is wrong"
                            : "it is not a PKCS#12 file");
        }
        return store;
    }

    /** Reads a file whole. */
    static byte[] content(Path file) throws UnusableFileException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file, "there is no such file");
        } catch (AccessDeniedException e) {
            throw new UnusableFileException(file, "this process may not read it");
        } catch (IOException e) {
            throw new UnusableFileException(file, Objects.toString(e.getMessage(), "it cannot be read"));
        }
    }

    private interface Reading<T> {
        T read() throws GeneralSecurityException;
    }

    private static <T> T of(Path file, Reading<T> reading) throws UnusableFileException {
        try {
            return reading.read();
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(file, Objects.toString(e.getMessage(), "it is malformed"));
        }
    }
}
