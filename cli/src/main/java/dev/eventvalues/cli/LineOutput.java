package dev.eventvalues.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Text that is written a line at a time, each at once, so that whoever reads a pipe has it. Unlike a
 * {@link java.io.PrintStream} it says when nobody can have it.
 */
final class LineOutput {
    private final OutputStream stream;

    LineOutput(OutputStream stream) {
        this.stream = stream;
    }

    /**
     * Writes a line.
     *
     * @param line without a line break
     * @throws ReaderGoneException if the other end of the pipe is closed
     * @throws IOException if it cannot be written for another reason
     */
    void print(String line) throws IOException {
        try {
            stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException e) {
            // Java tells EPIPE from a full disk by the text alone
            throw String.valueOf(e.getMessage()).contains("Broken pipe") ? new ReaderGoneException(e) : e;
        }
    }

    /** Nobody reads any more, as with {@code | head -1}. */
    static final class ReaderGoneException extends IOException {
        private static final long serialVersionUID = 1;

        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }
}
