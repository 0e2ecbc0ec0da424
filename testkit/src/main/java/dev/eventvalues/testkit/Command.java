package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A short-lived program run to its end: its output, or why it failed. */
final class Command {
    private static final String SYSTEM_PATH = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final List<String> words;
    private final Path directory;
    private final Duration timeout;

    private Command(List<String> words, Path directory, Duration timeout) {
        this.words = words;
        this.directory = directory;
        this.timeout = timeout;
    }

    static Command of(Duration timeout, String... words) {
        return new Command(List.of(words), Path.of(""), timeout);
    }

    Command in(Path other) {
        return new Command(words, other, timeout);
    }

    Command with(String... more) {
        return new Command(Stream.concat(words.stream(), Arrays.stream(more)).toList(), directory, timeout);
    }

    /**
     * Runs it.
     *
     * @return what it wrote to its standard output and error
     * @throws IOException if it cannot be started, ends with another code than 0 or not in time; the message is one
     *     line
     */
    String run() throws IOException {
        Path output = Files.createTempFile("eventvalues-", ".out");
        try {
            return run(output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private String run(Path output) throws IOException {
        Process process = process(output).start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(name() + " did not end within " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for " + name()).initCause(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = read(output);
        if (process.exitValue() != 0) {
            throw new IOException(name() + " ended with code " + process.exitValue() + complaint(text));
        }
        return text;
    }

    private ProcessBuilder process(Path output) throws IOException {
        List<String> resolved = new ArrayList<>(words);
        resolved.set(0, executable(words.get(0)));
        ProcessBuilder builder = new ProcessBuilder(resolved)
                .directory(directory.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // Programs of the system call others of it, also for a caller whose PATH is empty.
        builder.environment().merge("PATH", SYSTEM_PATH, (path, system) -> path + ":" + system);
        builder.environment().put("LC_ALL", "C");
        // etcdctl takes its flags from the environment too.
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCDCTL_"));
        return builder;
    }

    private static String executable(String word) throws IOException {
        if (word.contains("/")) {
            return word;
        }
        return ExecutablePath.of(System.getenv().getOrDefault("PATH", "") + ":" + SYSTEM_PATH)
                .find(word)
                .map(Path::toString)
                .orElseThrow(() -> new IOException("there is no " + word + " on this system"));
    }

    private String name() {
        return Path.of(words.get(0)).getFileName().toString();
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The line of an output that says most about a failure, with a separator before it. */
    static String complaint(String output) {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return Stream.of("E: ", "W: ", "Err:", "")
                .flatMap(mark -> lines.stream().filter(line -> line.startsWith(mark)))
                .findFirst()
                .map(line -> ": " + line)
                .orElse("");
    }
}
