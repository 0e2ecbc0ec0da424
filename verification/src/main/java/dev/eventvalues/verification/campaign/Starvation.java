package dev.eventvalues.verification.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * For how long threads of this process were ready to run and got no processor, as Linux counts it: what the machine adds to
 * any time that is taken. Nothing elsewhere.
 */
final class Starvation {
    private static final Path THREADS = Path.of("/proc/self/task");

    private final Map<Path, Long> before;

    private Starvation(Map<Path, Long> before) {
        this.before = before;
    }

    /** Counts from now on. */
    static Starvation begin() {
        return new Starvation(waited());
    }

    /** The sum over all threads that there are still, since the beginning. */
    long micros() {
        return waited().entrySet().stream()
                        .mapToLong(thread -> Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L)))
                        .sum()
                / 1_000;
    }

    private static Map<Path, Long> waited() {
        Map<Path, Long> waited = new HashMap<>();
        if (Files.isDirectory(THREADS)) {
            try (Stream<Path> threads = Files.list(THREADS)) {
                for (Path thread : threads.toList()) {
                    waited.put(thread, waited(thread));
                }
            } catch (IOException e) {
                return Map.of();
            }
        }
        return waited;
    }

    private static long waited(Path thread) {
        try {
            List<String> running = Files.readAllLines(thread.resolve("schedstat"));
            return Long.parseLong(running.get(0).split(" ", -1)[1]);
        } catch (IOException e) {
            return 0; // it has just ended, or this kernel does not count
        }
    }
}
