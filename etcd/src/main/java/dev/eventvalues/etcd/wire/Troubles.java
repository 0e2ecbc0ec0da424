package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Trouble;
import io.grpc.Status;
import java.util.Locale;

/** Reads etcd's error codes and texts, which differ between its releases. */
final class Troubles {
    /** What etcd says, of whatever is asked for, when it demands a user and got none. */
    private static final String NO_USER = "user name is empty";

    private Troubles() {}

    static Trouble of(Status status) {
        return new Trouble(kind(status), text(status));
    }

    static Trouble ofCancelledWatch(Endpoint endpoint, String reason) {
        // releases 3.4 and 3.5 both name the cause only in the text
        boolean denied = reason.toLowerCase(Locale.ROOT).contains("permission denied") || reason.contains(NO_USER);
        return new Trouble(
                denied ? Trouble.Kind.ACCESS_DENIED : Trouble.Kind.UNREACHABLE,
                endpoint + ": the watch was cancelled: " + reason);
    }

    static boolean isCompacted(Status status) {
        return status.getCode() == Status.Code.OUT_OF_RANGE && text(status).contains("compacted");
    }

    /** Whether a linearizable read was refused only after the quorum had answered: etcd looks at permissions then. */
    static boolean isAnsweredByQuorum(Status status) {
        return status.getCode() == Status.Code.PERMISSION_DENIED;
    }

    /** Whether the server answered that it has not done what was asked for; else it may have. */
    static boolean isRefusal(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED -> true;
            default -> false;
        };
    }

    private static Trouble.Kind kind(Status status) {
        return switch (status.getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> Trouble.Kind.ACCESS_DENIED;
            case UNIMPLEMENTED -> Trouble.Kind.NOT_ETCD;
            case INVALID_ARGUMENT -> text(status).contains(NO_USER) ? Trouble.Kind.ACCESS_DENIED : Trouble.Kind.REFUSED;
            default -> Trouble.Kind.UNREACHABLE;
        };
    }

    /** The code, etcd's text, and what lies below: "Connection refused" is the cause of "io exception". */
    static String text(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(withoutDiagnostics(firstLine(status.getDescription())));
        }
        Throwable cause = status.getCause();
        if (cause != null && cause.getMessage() != null) {
            text.append(" (").append(firstLine(cause.getMessage())).append(')');
        }
        return text.toString();
    }

    /** gRPC lists the states of its connection attempts, which say nothing to a user. */
    private static String withoutDiagnostics(String text) {
        int list = text.indexOf(" [closed=[");
        return list < 0 ? text : text.substring(0, list);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
