package dev.eventvalues.etcd;

/**
 * etcd does not know the user with this password, or demands a user and was given none. Correct the credentials; the
 * password is asked for again, and a watcher goes on by itself once it is right.
 */
public class EtcdAuthenticationException extends EtcdAccessDeniedException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what etcd answered; never the password
     */
    public EtcdAuthenticationException(String message) {
        super(message);
    }
}
