package dev.eventvalues.etcd;

/**
 * No secure connection came about: a certificate is not trusted, has expired or is for another host, the server refused
 * or misses ours, or only one side speaks TLS. The message says which. Correct the certificates or the endpoint; files
 * are read again at each attempt, and a watcher goes on by itself once they are right.
 */
public class EtcdTlsException extends EtcdException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, and what can be done about it
     */
    public EtcdTlsException(String message) {
        super(message);
    }
}
