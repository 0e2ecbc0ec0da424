package dev.eventvalues.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked to, for a reason that its user can understand. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandFailedException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
