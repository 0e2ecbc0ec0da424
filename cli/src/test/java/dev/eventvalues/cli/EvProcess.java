package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code ev} in a process of its own, as its users have it. Closing kills what is left of it. */
final class EvProcess implements AutoCloseable {
    /** Longer than anything takes on a machine that is busy with other things. */
    static final long BOUND_SECONDS = 60;

    private static final String END = "\0 end of output";

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> err = new LinkedBlockingQueue<>();

    private EvProcess(Process process) {
        this.process = process;
        pump(process.getInputStream(), out);
        pump(process.getErrorStream(), err);
    }

    static EvProcess start(String... args) {
        return start(Map.of(), null, command(args));
    }

    /** With other environment variables. */
    static EvProcess startWith(Map<String, String> environment, String... args) {
        return start(environment, null, command(args));
    }

    /** With its standard output in a file. */
    static EvProcess startInto(File out, String... args) {
        return start(Map.of(), out, command(args));
    }

    /** In a shell command, where {@code "$@"} stands for it. */
    static EvProcess startIn(String script, String... args) {
        return start(
                Map.of(),
                null,
                Stream.concat(Stream.of("/bin/sh", "-c", script, "sh"), command(args).stream())
                        .toList());
    }

    private static EvProcess start(Map<String, String> environment, @Nullable File out, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM says on stderr that it has them
        builder.environment().putAll(environment);
        if (out != null) {
            builder.redirectOutput(out);
        }
        try {
            return new EvProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path")));
        for (String property : List.of("etcd", "eventvalues.etcd.dir")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.add(Ev.class.getName());
        command.addAll(List.of(args));
        return command;
    }

    private static void pump(InputStream stream, BlockingQueue<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        // the process was killed
                    }
                    lines.add(END);
                },
                "output of ev");
        thread.setDaemon(true);
        thread.start();
    }

    /** The next line of its output, which must come. */
    String line() throws InterruptedException {
        String line = out.poll(BOUND_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError((line == null ? "no line in time" : "no more lines") + ", stderr: " + err);
        }
        return line;
    }

    /** Reads its output up to a line, which must come. */
    void awaitLine(String expected) throws InterruptedException {
        while (!line().equals(expected)) {
            // goes on
        }
    }

    /** All lines from here to the end of its output. */
    List<String> linesToEnd() throws InterruptedException {
        return toEnd(out);
    }

    /** All that it said on standard error, once it has ended. */
    List<String> errorsToEnd() throws InterruptedException {
        return toEnd(err);
    }

    private static List<String> toEnd(BlockingQueue<String> lines) throws InterruptedException {
        List<String> all = new ArrayList<>();
        while (true) {
            String line = lines.poll(BOUND_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no end of output in time, after " + all);
            }
            if (line.equals(END)) {
                return all;
            }
            all.add(line);
        }
    }

    /** What it said on standard error so far. */
    List<String> errors() {
        return List.copyOf(err);
    }

    void signal(String name) throws IOException, InterruptedException {
        // the shell has kill built in; not every system has the program
        int code = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + process.pid())
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    /** Whether it was started with that signal ignored, as the background jobs of some shells are. Linux only. */
    boolean ignores(int signal) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(mask -> (mask >> (signal - 1) & 1) == 1);
    }

    /** The processes that it has started and that run now. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended, which must happen. */
    int code() throws InterruptedException {
        if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("has not ended in time, stderr: " + err);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
