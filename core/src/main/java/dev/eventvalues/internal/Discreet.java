package dev.eventvalues.internal;

import org.jspecify.annotations.Nullable;

/**
 * A throwable as it may be logged: its class, its stack and its causes, without the messages, which may quote a value.
 * Parsers do: {@code For input string: "..."}. Messages of this library are kept, as they never show one.
 */
final class Discreet extends Throwable {
    private static final long serialVersionUID = 1;
    private static final String OURS = "dev.eventvalues.";

    private Discreet(String text, @Nullable Throwable cause) {
        super(text, cause, false, true);
    }

    /**
     * Makes what may be logged.
     *
     * @param thrown what was thrown
     * @return to be given to a logger
     */
    static Throwable of(Throwable thrown) {
        return of(thrown, 0);
    }

    private static Discreet of(Throwable thrown, int depth) {
        String name = thrown.getClass().getName();
        Throwable cause = thrown.getCause();
        Discreet discreet = new Discreet(
                name.startsWith(OURS) ? thrown.toString() : name,
                cause == null || depth == 20 ? null : of(cause, depth + 1)); // causes may go round in a circle
        discreet.setStackTrace(thrown.getStackTrace());
        return discreet;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // loggers print this: it is to name the class that was thrown
    public String toString() {
        return String.valueOf(getMessage());
    }
}
