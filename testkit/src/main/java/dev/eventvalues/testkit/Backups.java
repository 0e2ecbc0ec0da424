package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Backups as an operator makes them, with etcd's own programs. */
final class Backups {
    private static final Duration END_WITHIN = Duration.ofSeconds(60);

    private final EtcdBinary binary;
    private final Optional<ClusterTls> tls;
    private final Session session;

    Backups(EtcdBinary binary, Optional<ClusterTls> tls, Session session) {
        this.binary = binary;
        this.tls = tls;
        this.session = session;
    }

    /** Writes all that a member knows to a file. */
    void save(String endpoint, Path file) {
        Command etcdctl = snapshot(etcdctl(), "save", file).with("--endpoints=" + endpoint);
        for (Session.Login user : session.login().stream().toList()) {
            etcdctl = etcdctl.with("--user=" + user.name(), "--password=" + user.password());
        }
        for (ClusterTls secure : tls.stream().toList()) {
            etcdctl = etcdctl.with(secure.etcdctlFlags());
        }
        run(etcdctl, "cannot save a backup to " + file);
    }

    /** Throws what {@link #restore} throws if a file is no backup. */
    void check(Path file) {
        run(snapshot(etcdutl(), "status", file), "cannot restore " + file);
    }

    /** Makes the data of a member that does not run and has none. */
    void restore(Path file, Place place, String token) {
        Command restore =
                snapshot(etcdutl(), "restore", file).with(place.flags(token).toArray(String[]::new));
        run(restore, "cannot restore " + file);
    }

    private Path etcdctl() {
        return binary.etcdctl()
                .orElseThrow(() -> new IllegalStateException("there is no etcdctl beside " + binary.etcd()));
    }

    /** The program for files; before 3.5 it is the same one. */
    private Path etcdutl() {
        return binary.etcdutl().orElseGet(this::etcdctl);
    }

    private static Command snapshot(Path program, String what, Path file) {
        return Command.of(END_WITHIN, program.toString(), "snapshot", what, file.toString());
    }

    private static void run(Command command, String problem) {
        try {
            command.run();
        } catch (IOException e) {
            throw new UncheckedIOException(problem, e);
        }
    }
}
