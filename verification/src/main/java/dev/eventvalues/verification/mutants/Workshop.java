package dev.eventvalues.verification.mutants;

import dev.eventvalues.verification.Servers;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes mutants and runs tests on them. The sources are never touched: what is changed is a copy, and its classes come
 * before the product's on the class path of the tests.
 */
final class Workshop {
    private static final List<String> MODULES = List.of("core", "etcd");

    /** The product as it is, and what it and its tests need. */
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Path root;
    private final Path work;
    private final Servers servers;
    private final Path tests;

    /**
     * Prepares a workshop.
     *
     * @param root of the source tree, which is that of the running program
     * @param work where it may write
     * @param servers for the tests that need them
     */
    Workshop(Path root, Path work, Servers servers) {
        this.root = root;
        this.work = work;
        this.servers = servers;
        this.tests = work.resolve("tests");
    }

    /** Compiles the tests of the product. Call once, first. */
    void compileTests() throws IOException {
        clear(work);
        Set<Path> sources = new LinkedHashSet<>();
        for (String module : MODULES) {
            sources.addAll(sources(root.resolve(module).resolve("src/test/java")));
        }
        String problem = compile(sources, tests);
        if (problem != null) {
            throw new IllegalStateException("the tests of the product do not compile: " + problem);
        }
    }

    /** Runs tests on the product itself; null, or the one that failed. */
    @Nullable
    String failureWithoutMutant(Set<String> names) throws IOException, InterruptedException {
        return run(null, List.copyOf(names), 15);
    }

    /** Makes a mutant, and sees what becomes of it. */
    Verdict tryOut(Mutant mutant) throws IOException, InterruptedException {
        Path copy = work.resolve(mutant.name());
        Path classes = copy.resolve("classes");
        Path main = root.resolve(mutant.module()).resolve("src/main/java");
        Path changed =
                copy.resolve("source").resolve(root.resolve(mutant.file()).getFileName());
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, mutant.applied(Files.readString(root.resolve(mutant.file()))));
        // a constant is copied into the classes that use it
        Set<Path> sources = mutant.changesAConstant() ? sources(main) : new LinkedHashSet<>();
        sources.remove(root.resolve(mutant.file()));
        sources.remove(main.resolve("module-info.java"));
        sources.add(changed);
        String problem = compile(sources, classes);
        if (problem != null) {
            return new Verdict(mutant, Verdict.Outcome.NOT_JAVA, problem);
        }
        String failed = run(classes, mutant.tests(), 1);
        clear(copy);
        return failed == null
                ? new Verdict(mutant, Verdict.Outcome.SURVIVED, "")
                : new Verdict(mutant, Verdict.Outcome.KILLED, failed);
    }

    /** Takes away what it has written. */
    void close() throws IOException {
        clear(work);
    }

    private @Nullable String run(@Nullable Path classes, List<String> names, int patience)
            throws IOException, InterruptedException {
        boolean clusters = names.stream().anyMatch(name -> name.split("#", -1)[0].endsWith("IT"));
        int each = (clusters ? 120 : 10) * Math.min(patience, 6);
        int all = (clusters ? 240 : 60) * patience;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:TieredStopAtLevel=1", // most of it runs for a second
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                servers.property(),
                "-Deventvalues.etcd.dir="
                        + System.getProperty("eventvalues.etcd.dir", root.resolve("target/etcd") + ""),
                "-cp",
                (classes == null ? "" : classes + File.pathSeparator) + tests + File.pathSeparator + CLASS_PATH,
                ChosenTests.class.getName(),
                String.valueOf(each),
                String.valueOf(all)));
        command.addAll(names);
        Path log = Files.createDirectories(work).resolve("tests.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(all + 60L, TimeUnit.SECONDS)) {
                return "the JVM: did not end within " + (all + 60) + " s";
            }
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(log);
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (!last.startsWith(ChosenTests.PASSED) && !last.startsWith(ChosenTests.FAILED)) {
            throw new IllegalStateException("the tests did not run to their end; see " + log);
        }
        if (last.contains(ChosenTests.NO_SUCH_TEST)) {
            throw new IllegalStateException(last);
        }
        return last.startsWith(ChosenTests.PASSED) ? null : last.substring(ChosenTests.FAILED.length());
    }

    private static Set<Path> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** Returns null, or what is wrong. */
    private static @Nullable String compile(Set<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException(
                    "this needs a JDK: there is no compiler in " + System.getProperty("java.home"));
        }
        Files.createDirectories(classes);
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            problems,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-g",
                                    "--release",
                                    "17",
                                    "-cp",
                                    CLASS_PATH,
                                    "-d",
                                    classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            return done ? null : problems.toString();
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
