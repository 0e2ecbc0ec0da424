package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The JDK's own program for keys and certificates: the JDK has no API that issues certificates. */
final class Keytool {
    /** All stores have it: what is in them is worth nothing. */
    static final String PASSWORD = "changeit";

    private static final Duration END_WITHIN = Duration.ofSeconds(60);
    private static final Path PROGRAM = Path.of(System.getProperty("java.home"), "bin", "keytool");

    /** Options for a JVM that has little to do: half the time. */
    private static final String[] SHORT_LIVED = {"-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"};

    private Keytool() {}

    /**
     * A new key pair, with a certificate signed by itself, in a new store.
     *
     * @param store the file of the store, not there yet
     * @param alias what the pair is called in it
     * @param owner whose it is, a distinguished name
     * @param more further arguments
     */
    static void generate(Path store, String alias, String owner, List<String> more) {
        run(
                store,
                Command.of(END_WITHIN, PROGRAM.toString(), "-genkeypair", "-storetype", "PKCS12")
                        .with("-alias", alias, "-dname", owner)
                        .with("-keyalg", "EC", "-groupname", "secp256r1")
                        .with(more.toArray(String[]::new)));
    }

    /** Writes a request for a certificate of a key pair. */
    static void request(Path store, String alias, Path request) {
        run(
                store,
                Command.of(END_WITHIN, PROGRAM.toString(), "-certreq")
                        .with("-alias", alias, "-file", request.toString()));
    }

    /** Writes the certificate that was requested, as PEM, signed with a key pair. */
    static void sign(Path store, String alias, Path request, Path certificate, List<String> more) {
        run(
                store,
                Command.of(END_WITHIN, PROGRAM.toString(), "-gencert", "-rfc")
                        .with("-alias", alias, "-infile", request.toString(), "-outfile", certificate.toString())
                        .with(more.toArray(String[]::new)));
    }

    private static void run(Path store, Command command) {
        try {
            command.with("-keystore", store.toString(), "-storepass", PASSWORD)
                    .with(SHORT_LIVED)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("no certificate", e);
        }
    }
}
