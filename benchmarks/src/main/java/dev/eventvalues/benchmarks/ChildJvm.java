package dev.eventvalues.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM like this one, with another class path. It lives until it is closed, and prints little. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final Thread errors;
    private final BufferedReader lines;
    private final PrintStream input;

    private ChildJvm(Process process) {
        this.process = process;
        this.errors = new Thread(
                new ErrorLines(process.errorReader(StandardCharsets.UTF_8), System.err), "error lines of a child");
        this.lines = process.inputReader(StandardCharsets.UTF_8);
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        errors.setDaemon(true);
        errors.start();
    }

    static ChildJvm start(String classPath, String program, String... arguments) throws IOException {
        return start(List.of(), classPath, program, arguments);
    }

    /** {@code launcher} comes before the command; perhaps empty. */
    static ChildJvm start(List<String> launcher, String classPath, String program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Newer JVMs warn about what gRPC and protobuf do; 17 does not know the last of these options.
        command.addAll(List.of(
                "-Xmx2g",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command).start());
    }

    /** Its standard output. */
    BufferedReader lines() {
        return lines;
    }

    /** Its standard input. */
    PrintStream input() {
        return input;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended of itself, or was ended by {@link #kill}. */
    int exitCode() throws InterruptedException {
        int code = process.waitFor();
        errors.join();
        return code;
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        input.close();
    }
}
