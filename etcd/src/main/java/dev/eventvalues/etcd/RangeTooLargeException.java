package dev.eventvalues.etcd;

/**
 * A range holds more than the limits of this connection allow to keep. Raise {@link EtcdValues.Builder#maxKeys} or {@link
 * EtcdValues.Builder#maxBytes}, or follow fewer keys. A watcher goes on by itself once the range has shrunk.
 */
public class RangeTooLargeException extends EtcdException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message which keys, and the limit
     */
    public RangeTooLargeException(String message) {
        super(message);
    }
}
