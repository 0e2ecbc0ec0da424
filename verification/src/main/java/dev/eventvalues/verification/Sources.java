package dev.eventvalues.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Names what is proved by a short hash of its sources, so that evidence counts as long as these stay the same. */
public final class Sources {
    private Sources() {}

    /** The source tree that this program was built from. */
    public static Path root() {
        return Path.of(System.getProperty("eventvalues.root", "."));
    }

    /** A short hash of all files in these folders, which are given from the root. */
    public static String of(List<String> directories) {
        return of(root(), directories);
    }

    static String of(Path root, List<String> directories) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String directory : directories) {
                add(digest, root, root.resolve(directory));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 10);
        } catch (IOException e) {
            throw new UncheckedIOException("the sources cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, Path root, Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(Files.readAllBytes(file));
            }
        }
    }
}
