package dev.eventvalues.verification.campaign;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a process takes while it rests.
 *
 * @param heapBytes that live after a full collection
 * @param threads how many of each name, without the numbers in it
 * @param files how many file descriptors are open, sockets among them; 0 where it is not known
 * @param sockets those of TCP, as the kernel lists them
 */
record Footprint(long heapBytes, SortedMap<String, Integer> threads, int files, List<String> sockets)
        implements Serializable {
    /** Threads that gRPC shares among all of a process and ends after a minute without work, so that their number varies. */
    private static final String POOLED = "grpc-default-executor-";

    private static final int INODE = 9;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int COLLECTIONS = 2;

    /** Those that have to stay the same. */
    SortedMap<String, Integer> ownThreads() {
        SortedMap<String, Integer> own = new TreeMap<>(threads);
        own.keySet().removeIf(name -> name.startsWith(POOLED));
        return own;
    }

    /** How many of them there are. */
    int ownThreadCount() {
        return ownThreads().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many others there are. */
    int pooledThreads() {
        return threads.entrySet().stream()
                .filter(thread -> thread.getKey().startsWith(POOLED))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** That of this process, now. */
    static Footprint taken() throws IOException {
        for (int i = 0;
                i < COLLECTIONS;
                i++) { // what one finds unreachable and has to be cleaned up goes with the next
            System.gc();
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        SortedMap<String, Integer> threads = new TreeMap<>();
        Thread.getAllStackTraces()
                .keySet()
                .forEach(thread -> threads.merge(thread.getName().replaceAll("[0-9]+", "*"), 1, Math::addExact));
        int files = 0;
        if (Files.isDirectory(DESCRIPTORS)) {
            try (Stream<Path> all = Files.list(DESCRIPTORS)) {
                for (Path descriptor : all.toList()) {
                    if (Files.isSymbolicLink(descriptor)) { // else it was the one by which the list was read
                        files++;
                    }
                }
            }
        }
        return new Footprint(heap, threads, files, openSockets());
    }

    /** The sockets of this process that are in the kernel's tables of TCP: the JVM has one or two of its own that are not. */
    static List<String> openSockets() throws IOException {
        Set<String> own = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path descriptor : all.toList()) {
                try {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // it has just been closed
                }
            }
        }
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            if (Files.exists(Path.of(table))) {
                Files.readAllLines(Path.of(table)).stream()
                        .skip(1)
                        .filter(line -> own.contains("socket:[" + line.strip().split("\\s+", -1)[INODE] + "]"))
                        .forEach(line -> sockets.add(line.strip()));
            }
        }
        return sockets;
    }
}
