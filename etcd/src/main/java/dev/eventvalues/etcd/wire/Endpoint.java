package dev.eventvalues.etcd.wire;

import java.net.URI;
import java.util.Locale;

/**
 * Where a member listens.
 *
 * @param host a name or address; an IPv6 address without brackets
 * @param port from 1 to 65535
 * @param tls whether it is spoken to over TLS
 */
public record Endpoint(String host, int port, boolean tls) {
    /**
     * Reads an endpoint.
     *
     * @param url such as {@code http://127.0.0.1:2379}
     * @return the endpoint
     * @throws IllegalArgumentException if it does not have that form, with the text and the form
     */
    public static Endpoint parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw malformed(url);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        boolean plain = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (path.isEmpty() || path.equals("/"));
        if (!plain
                || !(scheme.equals("http") || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getPort() < 1
                || uri.getPort() > 65535) {
            throw malformed(url);
        }
        return new Endpoint(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort(), scheme.equals("https"));
    }

    private static IllegalArgumentException malformed(String url) {
        // a password in the text must not get into a log
        String shown = url.replaceAll("(?s)^(\\w+://)?.*@", "$1***@");
        return new IllegalArgumentException("not an etcd endpoint: \"" + shown
                + "\"; expected http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:2379");
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
