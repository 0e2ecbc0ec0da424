package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.CertificateAuthority;
import dev.eventvalues.testkit.ClusterTls;
import dev.eventvalues.testkit.EtcdAuth;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterBuilder;
import dev.eventvalues.testkit.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The passwords, roles and certificates of a secured cluster, and the files by which its clients learn of them. */
final class Secrets implements AutoCloseable {
    static final int TOKENS_LIVE_MILLIS = 1_000;

    private static final int ATTEMPTS = 10;
    private static final String USER = "alice";
    private static final String ROLE = "reader and writer";

    private final Path directory;
    private final Thread atExit;
    private final List<CertificateAuthority> authorities;
    private final List<TlsIdentity> identities;
    private final TlsIdentity shown;

    /* Written by the thread that runs the schedules. */
    private @Nullable EtcdAuth auth;
    private String password = "first";
    private int authority;

    private Secrets(Path directory) {
        this.directory = directory;
        atExit = new Thread(() -> delete(directory), "delete secrets");
        Runtime.getRuntime().addShutdownHook(atExit);
        this.authorities = List.of(
                CertificateAuthority.create(directory.resolve("one"), "one"),
                CertificateAuthority.create(directory.resolve("other"), "other"));
        this.identities =
                authorities.stream().map(issuer -> issuer.issueServer("server")).toList();
        this.shown = authorities.get(0).issueServer("shown");
    }

    /** New secrets, in files that are deleted at the latest when the program ends, even by a signal. */
    static Secrets create() throws IOException {
        return new Secrets(Files.createTempDirectory("eventvalues-secrets-"));
    }

    /** Starts the cluster that has them. */
    EtcdCluster start(EtcdClusterBuilder settings) {
        EtcdCluster cluster = settings.tls(ClusterTls.presenting(shown))
                .flag("--auth-token-ttl", String.valueOf(TOKENS_LIVE_MILLIS / 1_000))
                .flag("--bcrypt-cost", "4")
                .start();
        EtcdAuth users = cluster.auth();
        auth = users;
        users.addUser(USER, password);
        users.addRole(ROLE);
        users.permit(ROLE, "", EtcdAuth.Permission.READWRITE);
        users.grantRole(USER, ROLE);
        users.enable("root");
        tellPassword();
        rotateTrust();
        return cluster;
    }

    private EtcdAuth users() {
        return Objects.requireNonNull(auth, "the cluster runs");
    }

    Access.Login login() {
        return new Access.Login(USER, passwordFile().toString(), trust().toString());
    }

    void changePassword(String changed) {
        password = changed;
        users().changePassword(USER, changed);
    }

    /** Lets clients know the password. */
    void tellPassword() {
        replace(passwordFile(), password.getBytes(StandardCharsets.UTF_8));
    }

    void revokeRole() {
        users().revokeRole(USER, ROLE);
    }

    void grantRole() {
        users().grantRole(USER, ROLE);
    }

    /** Has members show a certificate of the other authority. */
    void rotateServer() {
        authority = 1 - authority;
        shown.replaceWith(identities.get(authority));
    }

    /** Has clients trust the authority of the members. */
    void rotateTrust() {
        try {
            replace(trust(), Files.readAllBytes(authorities.get(authority).certificatePem()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path passwordFile() {
        return directory.resolve("password");
    }

    private Path trust() {
        return directory.resolve("trust.pem");
    }

    private void replace(Path file, byte[] content) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            return; // then it deletes them
        }
        delete(directory);
    }

    /** A schedule may go on to write while the program is ended by a signal; it cannot once its folder is gone. */
    private static void delete(Path directory) {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(directory); attempt++) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (UncheckedIOException e) {
                last = e.getCause();
            } catch (IOException e) {
                last = e;
            }
        }
        if (Files.exists(directory)) {
            System.err.println("left behind: " + directory + " (" + last + ")");
        }
    }
}
