package dev.eventvalues.testkit;

/**
 * A request that etcd refused or did not answer. If it was a write and did not get an answer, it may have been, or may
 * still be, carried out.
 */
public final class EtcdRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EtcdRequestException(String message) {
        super(message);
    }

    EtcdRequestException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the member did not even try, for want of a leader. */
    boolean isForWantOfALeader() {
        return says("etcdserver: no leader");
    }

    /** Whether a read, and only a read, was given up because of an election. */
    boolean isForAChangeOfLeader() {
        return says("etcdserver: leader changed");
    }

    /** Whether it was not carried out because the token it came with has expired, or is older than a change of users. */
    boolean isForAnInvalidToken() {
        return says("invalid auth token") || says("etcdserver: revision of auth store is old");
    }

    boolean says(String text) {
        return String.valueOf(getMessage()).contains(text);
    }
}
