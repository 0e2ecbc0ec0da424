package dev.eventvalues.etcd;

/**
 * etcd refused a value because it is too large, and has not written it. Its limit on a request is 1.5 MiB unless it was
 * started with another ({@code --max-request-bytes}). Put less under one key, or raise the limit.
 */
public class ValueTooLargeException extends EtcdException {
    private static final long serialVersionUID = 1;

    private final transient Key key;
    private final int length;

    /**
     * Creates the exception.
     *
     * @param key the key, without the namespace
     * @param length how many bytes were to be written
     * @param message what happened, with both of them
     */
    public ValueTooLargeException(Key key, int length, String message) {
        super(message);
        this.key = key;
        this.length = length;
    }

    /**
     * The key.
     *
     * @return without the namespace
     */
    public Key key() {
        return key;
    }

    /**
     * How large the value is.
     *
     * @return bytes, as encoded
     */
    public int length() {
        return length;
    }
}
