package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What a program proves itself with in TLS: a certificate and its private key, in files. */
public final class TlsIdentity {
    private final Path directory;

    TlsIdentity(Path directory) {
        this.directory = directory;
    }

    /** {@return the file with the certificate, without those of its issuers, as PEM} */
    public Path certificatePem() {
        return directory.resolve("certificate.pem");
    }

    /** {@return the file with the private key, not encrypted, as PEM of PKCS#8} */
    public Path privateKeyPem() {
        return directory.resolve("key.pem");
    }

    /** {@return the file with both, and with the issuer's certificate, as a PKCS#12 store} */
    public Path pkcs12() {
        return directory.resolve("identity.p12");
    }

    /** {@return the password of the store and of the key in it} */
    public String pkcs12Password() {
        return Keytool.PASSWORD;
    }

    /**
     * Replaces the contents of the files, as an operator does whose certificate is about to expire. Each file is
     * replaced at once, but one after the other: for a moment key and certificate do not match.
     *
     * @param other what the files are to hold from now on, from whatever authority
     */
    public void replaceWith(TlsIdentity other) {
        List<Path> from = other.files();
        List<Path> to = files();
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < to.size(); i++) {
                Path copy = Files.createTempFile(directory, "new-", "");
                Files.copy(from.get(i), copy, StandardCopyOption.REPLACE_EXISTING);
                Files.move(copy, to.get(i), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot replace the files in " + directory, e);
        }
    }

    private List<Path> files() {
        return List.of(certificatePem(), privateKeyPem(), pkcs12());
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
