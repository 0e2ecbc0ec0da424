package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new directory for the data and logs of one cluster, in memory when there is room. */
final class DataDirectory {
    private static final Path MEMORY = Path.of("/dev/shm");
    /* Each member keeps two write-ahead files of 64 MB, the current one and the next. */
    private static final long BYTES_PER_MEMBER = 256L << 20;

    private DataDirectory() {}

    static Path create(int members) {
        try {
            boolean room = Files.isWritable(MEMORY)
                    && Files.getFileStore(MEMORY).getUsableSpace() > members * BYTES_PER_MEMBER;
            return room
                    ? Files.createTempDirectory(MEMORY, "eventvalues-")
                    : Files.createTempDirectory("eventvalues-").toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for the data of an etcd cluster", e);
        }
    }

    /** Deletes a directory with all it holds, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e;
            }
        }
    }
}
