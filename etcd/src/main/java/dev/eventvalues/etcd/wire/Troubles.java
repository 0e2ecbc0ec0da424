package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Trouble;
import io.grpc.Status;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads etcd's error codes and texts, which differ between its releases. */
final class Troubles {
    /** What etcd says, of whatever is asked for, when it demands a user and got none. */
    private static final String NO_USER = "user name is empty";

    /** A token that has expired, or that the member has forgotten when it was restarted. */
    private static final String INVALID_TOKEN = "invalid auth token";

    /** Users or roles were changed while the request was under way; 3.4 and 3.5 say it with INVALID_ARGUMENT. */
    private static final String OLD_AUTH_STORE = "auth store is old";

    private static final String WRONG_PASSWORD = "authentication failed";
    private static final String AUTHENTICATION_OFF = "authentication is not enabled";

    /** How etcd writes a status into a text. */
    private static final Pattern ERROR = Pattern.compile("^rpc error: code = \\w+ desc = (.*)", Pattern.DOTALL);

    private static final Pattern ENDPOINT = Pattern.compile("^https?://\\S+: ");

    private Troubles() {}

    static Trouble of(Status status) {
        return new Trouble(kind(status), text(status));
    }

    /** Why a watch was cancelled, or not accepted: etcd names the cause only in the text. */
    static Trouble ofCancelledWatch(Endpoint endpoint, String reason) {
        Matcher error = ERROR.matcher(reason);
        String cause = error.find() ? error.group(1) : reason;
        if (cause.toLowerCase(Locale.ROOT).contains("permission denied")) {
            // in the words of a request that is denied, so that it is not taken for another trouble. Older releases say
            // this too, whatever is wrong with the token
            return of(Status.PERMISSION_DENIED.withDescription(endpoint + ": " + cause));
        }
        boolean denied = Stream.of(NO_USER, INVALID_TOKEN, OLD_AUTH_STORE).anyMatch(cause::contains);
        return new Trouble(
                denied ? Trouble.Kind.ACCESS_DENIED : Trouble.Kind.UNREACHABLE,
                endpoint + ": the watch was cancelled: " + cause);
    }

    static boolean isCompacted(Status status) {
        return status.getCode() == Status.Code.OUT_OF_RANGE && text(status).contains("compacted");
    }

    /** Whether a revision was asked for that the store has not come to. */
    static boolean isAhead(Status status) {
        return status.getCode() == Status.Code.OUT_OF_RANGE && text(status).contains("future revision");
    }

    /** Whether an answer was too much: for a message, or for the time it had. */
    static boolean isOversized(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    /** Whether a linearizable read was refused only after the quorum had answered: etcd looks at permissions then. */
    static boolean isAnsweredByQuorum(Status status) {
        return status.getCode() == Status.Code.PERMISSION_DENIED;
    }

    /** Whether it is certain that what was asked for has not been done; else it may have been. */
    static boolean isRefusal(Status status) {
        if (kind(status).isPermanent() || status.getCause() instanceof Tokens.NotSent) {
            return true;
        }
        return switch (status.getCode()) {
            // the server's limit on requests, and not our own on answers, which it has sent by then
            case RESOURCE_EXHAUSTED -> !description(status).contains("gRPC message exceeds maximum size");
            case INVALID_ARGUMENT,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED -> true;
            default -> false;
        };
    }

    /** Whether a call that carried a token was turned away for it, before it was executed. */
    static boolean isVoidToken(Status status) {
        return isStale(status)
                || status.getCode() == Status.Code.UNAUTHENTICATED
                || description(status).contains(NO_USER);
    }

    /** Passes with another token, or by itself. */
    private static boolean isStale(Status status) {
        return description(status).contains(INVALID_TOKEN)
                || description(status).contains(OLD_AUTH_STORE);
    }

    /** Whether etcd refused to give a token because it does not know the user, or not with this password. */
    static boolean isWrongPassword(Status status) {
        return status.getCode() == Status.Code.INVALID_ARGUMENT
                && description(status).contains(WRONG_PASSWORD);
    }

    /** Whether etcd refused to give a token because none is needed. */
    static boolean isAuthenticationOff(Status status) {
        return status.getCode() == Status.Code.FAILED_PRECONDITION
                && description(status).contains(AUTHENTICATION_OFF);
    }

    private static Trouble.Kind kind(Status status) {
        return switch (status.getCode()) {
            case PERMISSION_DENIED -> Trouble.Kind.ACCESS_DENIED;
            case UNAUTHENTICATED -> isStale(status) ? Trouble.Kind.UNREACHABLE : Trouble.Kind.UNAUTHENTICATED;
            case UNIMPLEMENTED -> Trouble.Kind.NOT_ETCD;
            case INVALID_ARGUMENT ->
                isStale(status)
                        ? Trouble.Kind.UNREACHABLE
                        : description(status).contains(NO_USER) ? Trouble.Kind.UNAUTHENTICATED : Trouble.Kind.REFUSED;
            case UNAVAILABLE, UNKNOWN, INTERNAL ->
                Handshake.problem(status) == null ? Trouble.Kind.UNREACHABLE : Trouble.Kind.TLS;
            default -> Trouble.Kind.UNREACHABLE;
        };
    }

    private static String description(Status status) {
        return status.getDescription() == null ? "" : status.getDescription();
    }

    /** The code, etcd's text, and what lies below: "Connection refused" is the cause of "io exception". */
    static String text(Status status) {
        String description = description(status);
        String problem = Handshake.problem(status);
        if (problem != null) {
            Matcher endpoint = ENDPOINT.matcher(description); // what gRPC adds to it is different each time
            return endpoint.find() ? endpoint.group() + problem : problem;
        }
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (!description.isEmpty()) {
            text.append(": ").append(withoutDiagnostics(firstLine(description)));
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
