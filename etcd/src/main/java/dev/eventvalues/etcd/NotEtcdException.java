package dev.eventvalues.etcd;

/** What answers at the endpoint does not speak etcd's v3 protocol. Correct the endpoint. */
public class NotEtcdException extends EtcdException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what answered
     */
    public NotEtcdException(String message) {
        super(message);
    }
}
