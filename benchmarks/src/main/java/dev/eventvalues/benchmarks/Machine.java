package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What figures hold for; never a name or a path.
 *
 * @param processors as many as the JVM may use
 * @param model of the processors
 * @param memoryMegabytes of the machine or container; 0 if that was not recorded
 * @param system and architecture
 */
record Machine(int processors, String model, long memoryMegabytes, String system) {
    static Machine here() throws IOException {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 0;
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                modelName(),
                bytes / 1_000_000,
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    private static String modelName() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "processor";
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("processor");
        }
    }

    /** Whether nothing is known to differ: earlier results do not have the memory. */
    boolean isLike(Machine other) {
        return processors == other.processors
                && model.equals(other.model)
                && system.equals(other.system)
                && (memoryMegabytes == other.memoryMegabytes || memoryMegabytes == 0 || other.memoryMegabytes == 0);
    }

    /** As it is shown. */
    String text() {
        String memory = memoryMegabytes == 0 ? "" : String.format(Locale.ROOT, "%.0f GB, ", memoryMegabytes / 1e3);
        return processors + " × " + model + ", " + memory + system;
    }
}
