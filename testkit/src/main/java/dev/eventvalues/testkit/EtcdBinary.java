package dev.eventvalues.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An etcd server program on this machine.
 *
 * <p>It is looked for in this order: the file (or directory) named by the environment variable {@code ETCD_BIN}; the
 * {@code PATH}; the system's package archive, extracted (not installed, no root needed) under the directory of the
 * system property {@code eventvalues.etcd.dir}, by default {@code target/etcd} in the working directory, and kept there
 * for the next time. When a release was asked for, programs of another release are passed over.
 */
public final class EtcdBinary {
    private static final Pattern VERSION = Pattern.compile("etcd Version: (3\\.(\\d+)\\.\\S+)");
    private static final int OLDEST_MINOR = 4;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Path etcd;
    private final String version;

    private EtcdBinary(Path etcd, String version) {
        this.etcd = etcd;
        this.version = version;
    }

    /**
     * An etcd of the release named by the system property {@code etcd}; of any release from 3.4 on if it is not set.
     *
     * @return the program
     * @throws IllegalStateException if there is none and none can be had; the message is one line that says what to do
     */
    public static EtcdBinary locate() {
        return locate(System.getenv(), downloads(), EtcdRelease.insistedOn());
    }

    /**
     * An etcd of a release.
     *
     * @param release the release it must be of
     * @return the program
     * @throws IllegalStateException if there is none and none can be had; the message is one line that says what to do
     */
    public static EtcdBinary locate(EtcdRelease release) {
        return locate(System.getenv(), downloads(), Optional.of(release));
    }

    static EtcdBinary locate(Map<String, String> environment, Path downloads, Optional<EtcdRelease> wanted) {
        Optional<Path> named = named(environment);
        Optional<Path> onPath =
                ExecutablePath.of(environment.getOrDefault("PATH", "")).find("etcd");
        List<String> findings = new ArrayList<>();
        for (Path candidate : Stream.of(named, onPath).flatMap(Optional::stream).toList()) {
            try {
                EtcdBinary found = read(candidate);
                if (wanted.isEmpty() || wanted.get().includes(found.version)) {
                    return found;
                }
                findings.add(candidate + " is etcd " + found.version);
            } catch (IOException e) {
                findings.add(candidate + " is of no use: " + e.getMessage());
            }
        }
        if (named.isEmpty()) {
            findings.add("ETCD_BIN is not set");
        }
        if (onPath.isEmpty()) {
            findings.add("no etcd on the PATH");
        }
        try {
            EtcdRelease release = wanted.orElse(EtcdRelease.V3_4);
            return read(new PackageArchive(downloads, release).fetch().resolve("etcd"));
        } catch (IOException e) {
            findings.add("download failed: " + e.getMessage());
            String wish = wanted.map(EtcdRelease::number).orElse("3.4 or 3.5");
            String problem = "no etcd " + wish + ": set ETCD_BIN to an etcd " + wish + " program, or put etcd on the"
                    + " PATH, or run on Debian with its package archive in reach (" + String.join("; ", findings) + ")";
            throw new IllegalStateException(problem.replaceAll("\\s+", " "), e);
        }
    }

    private static Optional<Path> named(Map<String, String> environment) {
        String text = environment.getOrDefault("ETCD_BIN", "");
        if (text.isBlank()) {
            return Optional.empty();
        }
        Path file = Path.of(text);
        Path program = Files.isDirectory(file) ? file.resolve("etcd") : file;
        if (!ExecutablePath.isProgram(program)) {
            throw new IllegalStateException(
                    "ETCD_BIN is set to " + text + ", which is no program: set it to an etcd 3.4 or 3.5, or unset it");
        }
        return Optional.of(program);
    }

    private static Path downloads() {
        return Path.of(System.getProperty("eventvalues.etcd.dir", "target/etcd"));
    }

    private static EtcdBinary read(Path program) throws IOException {
        Path file = program.toAbsolutePath();
        String answer = Command.of(ANSWER_WITHIN, file.toString(), "--version").run();
        Matcher matcher = VERSION.matcher(answer);
        if (!matcher.find()) {
            throw new IOException("it does not say its version" + Command.complaint(answer));
        }
        if (Integer.parseInt(matcher.group(2)) < OLDEST_MINOR) {
            throw new IOException("it is etcd " + matcher.group(1) + ", older than 3." + OLDEST_MINOR);
        }
        return new EtcdBinary(file, matcher.group(1));
    }

    /** {@return the absolute path of the server program} */
    public Path etcd() {
        return etcd;
    }

    /** {@return the command line client, empty if it does not lie beside the server} */
    public Optional<Path> etcdctl() {
        return beside("etcdctl");
    }

    /** {@return the tool for data files, which etcd has since 3.5, empty if it does not lie beside the server} */
    public Optional<Path> etcdutl() {
        return beside("etcdutl");
    }

    private Optional<Path> beside(String name) {
        return Optional.of(etcd.resolveSibling(name)).filter(ExecutablePath::isProgram);
    }

    /** {@return what the program says its version is, such as {@code 3.4.23}} */
    public String version() {
        return version;
    }

    @Override
    public String toString() {
        return "etcd " + version + " (" + etcd + ")";
    }
}
