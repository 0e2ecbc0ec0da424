package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The process of one member, which may end and be started again with the same command. */
final class EtcdProcess {
    static final long NO_PID = -1;

    private static final Duration END_WITHIN = Duration.ofSeconds(15);
    private static final int HEAD_LINES = 2;
    private static final int TAIL_LINES = 8;

    private final List<String> command;
    private final Path log;
    private final Runnable onEnd;

    // guarded by this; not held while waiting
    private @Nullable Process process;
    private boolean paused;

    /**
     * A process that does not run yet.
     *
     * @param command the program and its arguments
     * @param log where its output goes
     * @param onEnd runs on another thread each time it has ended
     */
    EtcdProcess(List<String> command, Path log, Runnable onEnd) {
        this.command = command;
        this.log = log;
        this.onEnd = onEnd;
    }

    /**
     * Starts it, unless it runs.
     *
     * @param more further arguments, for this time only
     */
    void start(String... more) {
        Optional<Process> started = startUnlessRunning(more);
        // Not with the lock held: it runs here if the process has ended already.
        started.ifPresent(process -> {
            CompletableFuture<Void> unused = process.onExit().thenRun(onEnd);
        });
    }

    private synchronized Optional<Process> startUnlessRunning(String... more) {
        if (isRunning()) {
            return Optional.empty();
        }
        List<String> words =
                Stream.concat(command.stream(), Arrays.stream(more)).toList();
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // etcd takes its flags from the environment too.
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
        if (System.getProperty("os.arch").equals("aarch64")) {
            builder.environment().put("ETCD_UNSUPPORTED_ARCH", "arm64");
        }
        try {
            Process started = builder.start();
            process = started;
            paused = false;
            return Optional.of(started);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    synchronized boolean isPaused() {
        return isRunning() && paused;
    }

    /** The id of the process, {@link #NO_PID} if it does not run. */
    synchronized long pid() {
        return process != null && process.isAlive() ? process.pid() : NO_PID;
    }

    void kill() {
        end(Process::destroyForcibly);
    }

    void stop() {
        resume();
        end(Process::destroy);
    }

    private void end(Consumer<Process> means) {
        Process ending;
        synchronized (this) {
            ending = process;
        }
        if (ending != null) {
            means.accept(ending);
            awaitEnd(ending);
        }
    }

    private void awaitEnd(Process ending) {
        try {
            if (!ending.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("etcd process " + ending.pid() + " did not end within "
                        + END_WITHIN.toSeconds() + " s" + logExcerpt());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of etcd " + ending.pid(), e);
        }
    }

    void pause() {
        signal("STOP");
        becomePaused(true);
        // The signal takes a moment to reach all threads; until then the process may still answer.
        Deadline.in(END_WITHIN)
                .await(
                        () -> "the threads of etcd process " + pid() + " to stand still",
                        () -> standsStill(Path.of("/proc", String.valueOf(pid()), "task")));
    }

    private static boolean standsStill(Path tasks) {
        if (!Files.isDirectory(tasks)) {
            return true; // not a system on which this can be seen
        }
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.allMatch(EtcdProcess::isStopped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void resume() {
        if (isPaused()) {
            signal("CONT");
            becomePaused(false);
        }
    }

    private synchronized void becomePaused(boolean now) {
        paused = now;
    }

    private void signal(String name) {
        long pid = pid();
        if (pid == NO_PID) {
            throw new IllegalStateException("cannot send " + name + " to a member that does not run");
        }
        try {
            // The shell has kill built in; not every system has the program.
            Command.of(END_WITHIN, "/bin/sh", "-c", "kill -" + name + " " + pid).run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to etcd process " + pid, e);
        }
    }

    boolean wasRefusedItsPort() {
        return log().stream().anyMatch(line -> line.contains("address already in use"));
    }

    /** The first and last lines of its log, to append to an error message. */
    String logExcerpt() {
        List<String> lines = log();
        Stream<String> excerpt = lines.size() <= HEAD_LINES + TAIL_LINES
                ? lines.stream()
                : Stream.of(
                                lines.subList(0, HEAD_LINES),
                                List.of("..."),
                                lines.subList(lines.size() - TAIL_LINES, lines.size()))
                        .flatMap(List::stream);
        String newLine = System.lineSeparator() + "  ";
        return excerpt.collect(Collectors.joining(newLine, newLine, ""));
    }

    private List<String> log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of("no log: " + e);
        }
    }
}
