package dev.eventvalues;

/** Thrown by a call of a {@link Watcher} that is closed, or whose backend has been closed. */
public class WatcherClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what is closed
     */
    public WatcherClosedException(String message) {
        super(message);
    }
}
