package dev.eventvalues.etcd.wire;

import io.grpc.Status;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says in an operator's words why no secure connection came about. */
final class Handshake {
    private static final String ALERT = "Received fatal alert: ";

    /** What servers say about the certificate of a client; for the same fault each release has a word of its own. */
    private static final Set<String> ABOUT_OUR_CERTIFICATE = Set.of(
            "access_denied",
            "bad_certificate",
            "certificate_expired",
            "certificate_required",
            "certificate_revoked",
            "certificate_unknown",
            "unknown_ca",
            "unsupported_certificate");

    private static final Set<String> NO_AGREEMENT = Set.of(
            "handshake_failure",
            "insufficient_security",
            "no_application_protocol",
            "protocol_version",
            "unrecognized_name");

    private Handshake() {}

    /**
     * Looks for a problem that stays until somebody mends it. A connection that was merely cut has none.
     *
     * @param status in which a call ended
     * @return what is wrong, and what can be done; null if the handshake is not the problem
     */
    static @Nullable String problem(Status status) {
        Deque<Throwable> innermostFirst = new ArrayDeque<>();
        for (Throwable each = status.getCause(); each != null && innermostFirst.size() < 20; each = each.getCause()) {
            if (each instanceof Dialect.Mismatch) {
                return each.getMessage(); // we know better
            }
            innermostFirst.push(each);
        }
        for (Throwable each : innermostFirst) {
            String problem = problem(each);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String problem(Throwable cause) {
        String detail = cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof CertificateExpiredException) {
            return "the server's certificate has expired (" + detail + "); renew it, or correct the clock here";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "the server's certificate is not valid yet (" + detail + "); correct the clock here";
        }
        if (cause instanceof CertPathBuilderException) {
            return "the server's certificate is not from an authority that is trusted here; give that authority to"
                    + " trust(...)";
        }
        if (cause instanceof CertificateException && detail.matches("No (subject alternative|name matching) .*")) {
            return "the server's certificate is not for this host (" + detail
                    + "); use a name that it has, or issue it for this one";
        }
        if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
            return "the server's certificate is not accepted (" + detail + ")";
        }
        return cause instanceof SSLException ? problemOfTls(cause, detail) : null;
    }

    private static @Nullable String problemOfTls(Throwable cause, String detail) {
        int alertAt = detail.indexOf(ALERT); // newer JDKs put the alert before it as well
        if (alertAt >= 0) {
            String alert = detail.substring(alertAt + ALERT.length());
            if (ABOUT_OUR_CERTIFICATE.contains(alert)) {
                return "the server demands a client certificate that it accepts (alert " + alert
                        + "); give identity(...) one that has not expired, from an authority that the server trusts";
            }
            return NO_AGREEMENT.contains(alert)
                    ? "the server found no common ground for TLS (alert " + alert + ")"
                    : null;
        }
        // not its subclasses, by which Netty says that the connection was cut
        return cause.getClass() == SSLHandshakeException.class ? "the TLS handshake failed (" + detail + ")" : null;
    }
}
