package dev.eventvalues.testkit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The package archive of a Debian-like system as a source of etcd programs.
 *
 * <p>Nothing is installed and no state of the system's package tools is read or written: they work on lists and caches
 * in a directory of ours, so this needs no root and works with empty package lists.
 */
final class PackageArchive {
    private static final System.Logger LOG = System.getLogger(PackageArchive.class.getName());
    private static final Duration STEP_WITHIN = Duration.ofMinutes(3);
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final String INDEXES = "$(REPO_URI) $(ORIGIN) $(LABEL) $(COMPONENT)";
    private static final Pattern DEBIAN_INDEX = Pattern.compile("(?m)^(\\S+) Debian Debian main$");
    private static final Pattern OFFER = Pattern.compile("etcd-server_([^_'\\s]+)_");

    /* File locks are held by the whole JVM; this one keeps its threads apart. */
    private static final Lock WITHIN_THIS_JVM = new ReentrantLock();

    private final Path directory;
    private final EtcdRelease release;

    /**
     * An archive whose downloads are kept.
     *
     * @param directory where they are kept, one directory per release
     * @param release the release to get
     */
    PackageArchive(Path directory, EtcdRelease release) {
        this.directory = directory.toAbsolutePath();
        this.release = release;
    }

    /**
     * Downloads the programs, unless they are there already. Safe to call from many threads and JVMs at once.
     *
     * @return the directory of the programs
     * @throws IOException if they cannot be had; its message is one line
     */
    Path fetch() throws IOException {
        Path programs = directory.resolve(release.number());
        if (Files.isDirectory(programs)) {
            return programs;
        }
        Files.createDirectories(directory);
        WITHIN_THIS_JVM.lock();
        try (FileChannel file = FileChannel.open(
                directory.resolve(release.number() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.lock(); // until the file is closed
            if (!Files.isDirectory(programs)) {
                LOG.log(
                        Level.INFO,
                        "downloading etcd {0} from the system''s package archive, once, into {1}",
                        release.number(),
                        programs);
                download(programs);
            }
            return programs;
        } finally {
            WITHIN_THIS_JVM.unlock();
        }
    }

    private void download(Path programs) throws IOException {
        Path work = Files.createTempDirectory(directory, release.number() + "-");
        try {
            Apt apt = Apt.withTheSystemsSources(work);
            apt.update();
            if (!apt.offer().filter(release::includes).isPresent()) {
                apt = apt.withSource(sourceOfOtherSuite(apt));
                apt.update();
                String offer = apt.offer().orElse("none");
                if (!release.includes(offer)) {
                    throw new IOException("the package archive has no etcd " + release.number() + ", but " + offer);
                }
            }
            Path extracted = apt.extract("etcd-server", "etcd-client");
            Files.move(extracted.resolve("usr/bin"), programs, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DataDirectory.delete(work);
        }
    }

    /** Another suite of the Debian archive that this machine uses. */
    private Path sourceOfOtherSuite(Apt apt) throws IOException {
        String indexes = apt.indexes();
        if (indexes.isBlank()) {
            throw new IOException("the package archive is out of reach" + Command.complaint(apt.updateOutput));
        }
        Matcher index = DEBIAN_INDEX.matcher(indexes);
        if (!index.find()) {
            throw new IOException("the package archive has no etcd " + release.number() + " and is not Debian's");
        }
        String suite = switch (release) {
            case V3_4 -> "bookworm";
            case V3_5 -> "trixie";
        };
        return Files.write(
                apt.work.resolve(suite + ".sources"),
                Stream.of(
                                "Types: deb",
                                "URIs: " + index.group(1),
                                "Suites: " + suite,
                                "Components: main",
                                "Signed-By: " + KEYRING)
                        .toList());
    }

    /** The system's package tools, on lists and caches in a directory of ours. */
    private static final class Apt {
        private final Path work;
        private final Command get;
        private String updateOutput = "";

        private Apt(Path work, Command get) {
            this.work = work;
            this.get = get;
        }

        static Apt withTheSystemsSources(Path work) throws IOException {
            Path lists = work.resolve("lists");
            Files.createDirectories(lists.resolve("partial"));
            Files.createDirectories(work.resolve("cache/archives/partial"));
            Command get = Command.of(STEP_WITHIN, "apt-get")
                    .in(work)
                    .with("-o", "Dir::State::lists=" + lists)
                    .with("-o", "Dir::Cache=" + work.resolve("cache"))
                    .with("-o", "APT::Sandbox::User=" + System.getProperty("user.name", "root"))
                    .with("-o", "Debug::NoLocking=1");
            return new Apt(work, get);
        }

        Apt withSource(Path file) throws IOException {
            Path lists = work.resolve("lists2");
            Files.createDirectories(lists.resolve("partial"));
            return new Apt(
                    work,
                    get.with("-o", "Dir::Etc::sourcelist=" + file)
                            .with("-o", "Dir::Etc::sourceparts=-")
                            .with("-o", "Dir::State::lists=" + lists));
        }

        /* A source that fails does not matter if another one has what we need. */
        void update() {
            try {
                updateOutput = get.with("update").run();
            } catch (IOException e) {
                updateOutput = "E: " + e.getMessage();
            }
        }

        String indexes() throws IOException {
            return get.with("indextargets", "--format", INDEXES, "Created-By: Packages")
                    .run();
        }

        /** The version of the server in this archive. */
        Optional<String> offer() {
            try {
                Matcher offer = OFFER.matcher(
                        get.with("--print-uris", "download", "etcd-server").run());
                return offer.find() ? Optional.of(offer.group(1)) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        Path extract(String... packages) throws IOException {
            get.with("download").with(packages).run();
            Path target = work.resolve("x");
            try (Stream<Path> files = Files.list(work)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".deb")).toList()) {
                    Command.of(STEP_WITHIN, "dpkg-deb", "-x", file.toString(), target.toString())
                            .run();
                }
            }
            return target;
        }
    }
}
