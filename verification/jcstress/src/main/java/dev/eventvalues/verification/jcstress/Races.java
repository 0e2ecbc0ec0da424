package dev.eventvalues.verification.jcstress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Tries the races: {@code DIRECTORY PATTERN} and options of jcstress. Writes a line for each race to {@code races.txt} in
 * the directory: its name, how many samples there were, and what came of it that must not, or nothing. Without arguments,
 * the names.
 */
public final class Races {
    private Races() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            for (String name : new JCStress(parsed(List.of("-v"))).getTests()) {
                System.out.println(name);
            }
            return;
        }
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        deleteIn(directory);
        List<String> options = new ArrayList<>(List.of("-r", directory.toString(), "-t", arguments[1]));
        options.addAll(List.of(arguments).subList(2, arguments.length));
        Options all = parsed(options);
        try {
            new JCStress(all).run();
        } catch (AssertionError findings) {
            System.err.println(findings.getMessage()); // the results say it, too
        }
        Map<String, Tried> tried = new TreeMap<>();
        DiskReadCollector results = new DiskReadCollector(
                all.getResultFile(), // where this was started, not in the directory
                result -> tried.computeIfAbsent(result.getName(), name -> new Tried())
                        .add(result));
        results.dump();
        results.close();
        Files.delete(Path.of(all.getResultFile()));
        try (PrintStream out = new PrintStream(directory.resolve("races.txt").toFile(), StandardCharsets.UTF_8)) {
            tried.forEach(
                    (name, each) -> out.println(name + "\t" + each.samples + "\t" + String.join("; ", each.wrong)));
        }
    }

    private static Options parsed(List<String> arguments) throws IOException {
        Options options = new Options(arguments.toArray(String[]::new));
        if (!options.parse()) {
            throw new IllegalArgumentException("jcstress refuses " + arguments);
        }
        return options;
    }

    private static void deleteIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(directory))
                    .forEach(Races::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came of one race, in all its JVMs. */
    private static final class Tried {
        private long samples;
        private final List<String> wrong = new ArrayList<>();

        void add(TestResult result) {
            samples += result.getTotalCount();
            if (result.status() != Status.NORMAL) {
                wrong.add(result.status() + " " + result.getMessages());
            }
            for (String state : result.getStateKeys()) {
                var grade = result.grading().gradingResults.get(state);
                if (grade != null && grade.expect == Expect.FORBIDDEN) {
                    wrong.add(result.getCount(state) + " times [" + state + "] with " + result.getConfig().jvmArgs);
                }
            }
        }
    }
}
