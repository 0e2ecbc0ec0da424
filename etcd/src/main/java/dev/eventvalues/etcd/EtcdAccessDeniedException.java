package dev.eventvalues.etcd;

/**
 * etcd does not know the user, or the user may not read or write this key. Give it the role it needs; a watcher goes on
 * by itself once it has it.
 */
public class EtcdAccessDeniedException extends EtcdException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what etcd answered
     */
    public EtcdAccessDeniedException(String message) {
        super(message);
    }
}
