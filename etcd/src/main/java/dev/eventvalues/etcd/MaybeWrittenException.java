package dev.eventvalues.etcd;

/**
 * A write was sent and its answer did not come: it may have been done, may still be done, or may never be. Read the key
 * to find out, or write again if writing twice does no harm.
 */
public class MaybeWrittenException extends EtcdException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was written where, and what came instead of an answer
     * @param cause what came instead of an answer
     */
    public MaybeWrittenException(String message, Throwable cause) {
        super(message, cause);
    }
}
