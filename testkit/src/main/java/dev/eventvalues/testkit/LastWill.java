package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A shell that outlives this JVM, to end the etcd processes and delete the data of a cluster whose JVM was killed or
 * halted. It learns of that from the end of its standard input.
 */
final class LastWill implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r line; do pids=$line; done
            [ -z "$pids" ] || kill -9 $pids
            rm -rf -- "$1"
            """;
    private static final long END_WITHIN_SECONDS = 10;

    private final Path data;
    private final Process shell;

    // guarded by this
    private boolean closed;

    LastWill(Path data) {
        this.data = data;
        try {
            this.shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sh", data.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start /bin/sh", e);
        }
    }

    /** Names all processes that are to end with this JVM, in place of those named before. */
    synchronized void name(Supplier<LongStream> pids) {
        if (closed) {
            return;
        }
        String line = pids.get().mapToObj(Long::toString).collect(Collectors.joining(" ", "", "\n"));
        try {
            shell.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            shell.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell that is to clean up after this JVM is gone", e);
        }
    }

    /** Executes it now, with no harm if there is nothing left to do. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
            DataDirectory.delete(data); // if the shell could not
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + data, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
