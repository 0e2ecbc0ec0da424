package dev.eventvalues.etcd.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;

/** Whatever a file of certificates or keys has in it: it is read or refused in the one way that is declared. */
class FilesFuzzTest {
    private static final String SECRET = "open sesame";
    private static final Path FILE = Path.of("file.pem");
    private static final List<String> TYPES =
            List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE");

    private interface Reading {
        Object read() throws GeneralSecurityException, TlsFiles.UnusableFileException;
    }

    private static void read(Reading reading) {
        try {
            reading.read();
        } catch (TlsFiles.UnusableFileException e) {
            if (!String.valueOf(e.getMessage()).startsWith("cannot use " + FILE)) {
                throw new AssertionError("the file is not named: " + e.getMessage(), e);
            }
        } catch (GeneralSecurityException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("it does not say what is wrong", e);
            }
        }
    }

    @FuzzTest
    void anyBytesAsPem(FuzzedDataProvider data) {
        byte[] file = data.consumeRemainingAsBytes();
        read(() -> TlsFiles.trustPem(FILE).read(List.of(file)));
        read(() -> TlsFiles.identityPem(FILE, FILE).read(List.of(file, file)));
        read(() -> Pem.privateKey(file));
    }

    /** The envelope is right, and what is in it is not. */
    @FuzzTest
    void anyBytesInAPemBlock(FuzzedDataProvider data) {
        String type = data.pickValue(TYPES);
        byte[] der = data.consumeRemainingAsBytes();
        String block = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type + "-----\n";
        byte[] file = block.getBytes(StandardCharsets.ISO_8859_1);
        read(() -> TlsFiles.trustPem(FILE).read(List.of(file)));
        read(() -> Pem.privateKey(file));
    }

    @FuzzTest
    void anyBytesAsPkcs12(FuzzedDataProvider data) {
        byte[] file = data.consumeRemainingAsBytes();
        read(() -> TlsFiles.trustPkcs12(FILE, new char[] {'x'}).read(List.of(file)));
        read(() -> TlsFiles.identityPkcs12(FILE, new char[] {'x'}).read(List.of(file)));
    }

    @FuzzTest
    void anyTextAsAnEndpoint(FuzzedDataProvider data) {
        String user = data.consumeBoolean() ? data.consumeString(20) + SECRET + "@" : "";
        String rest = data.consumeRemainingAsString();
        String url = user + rest;
        try {
            Endpoint endpoint = Endpoint.parse(url);
            if (!Endpoint.parse(endpoint.toString()).equals(endpoint)) {
                throw new AssertionError("an endpoint is written as it is read: " + endpoint);
            }
        } catch (IllegalArgumentException e) {
            if (!rest.contains(SECRET) && String.valueOf(e.getMessage()).contains(SECRET)) {
                throw new AssertionError("a password in an endpoint is not repeated: " + e.getMessage(), e);
            }
        }
    }
}
