package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Trouble;

/**
 * etcd did not do what was asked. The subclasses say what the caller can do; the message says what happened, and never
 * shows a value or a secret.
 */
public class EtcdException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what happened
     */
    public EtcdException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened
     * @param cause why
     */
    public EtcdException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The exception for a trouble, with a clause before its message. */
    static EtcdException of(Trouble trouble, String before) {
        String message = before + trouble.message();
        return switch (trouble.kind()) {
            case ACCESS_DENIED -> new EtcdAccessDeniedException(message);
            case UNAUTHENTICATED -> new EtcdAuthenticationException(message);
            case TLS -> new EtcdTlsException(message);
            case NOT_ETCD -> new NotEtcdException(message);
            case TOO_LARGE -> new RangeTooLargeException(message);
            case UNREACHABLE, REFUSED -> new EtcdException(message);
        };
    }
}
