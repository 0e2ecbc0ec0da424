package dev.eventvalues.etcd.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a connection shows who it is, and makes sure who it speaks to. */
public final class Security {
    private final @Nullable Credentials credentials;

    /** Null if no endpoint is spoken to over TLS. */
    private final @Nullable RotatingTls tls;

    private Security(@Nullable Credentials credentials, @Nullable RotatingTls tls) {
        this.credentials = credentials;
        this.tls = tls;
    }

    /**
     * Reads the files.
     *
     * @param credentials null for none
     * @param files certificates
     * @param endpoints to be spoken to
     * @return how to speak to them
     * @throws IllegalArgumentException if a file cannot be used, or the endpoints and the files do not go together
     */
    public static Security of(@Nullable Credentials credentials, TlsFiles files, List<Endpoint> endpoints) {
        List<Endpoint> plain =
                endpoints.stream().filter(endpoint -> !endpoint.tls()).toList();
        if (!plain.isEmpty() && !files.equals(TlsFiles.NONE)) {
            throw new IllegalArgumentException(
                    "certificates are given, but " + plain.get(0) + " would be spoken to without TLS; use https://");
        }
        if (!plain.isEmpty() && plain.size() < endpoints.size()) {
            throw new IllegalArgumentException("some endpoints are https and some are not, so it would be a matter of"
                    + " chance whether a value is sent in the clear: " + endpoints);
        }
        return new Security(credentials, plain.isEmpty() ? new RotatingTls(files) : null);
    }

    @Nullable
    Credentials credentials() {
        return credentials;
    }

    @Nullable
    RotatingTls tls() {
        return tls;
    }
}
