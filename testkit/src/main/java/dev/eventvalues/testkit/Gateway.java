package dev.eventvalues.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** etcd's JSON gateway on one member. */
final class Gateway {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient PLAIN = http().build();

    private final HttpClient http;
    private final URI base;

    private Gateway(HttpClient http, String endpoint) {
        this.http = http;
        this.base = URI.create(endpoint);
    }

    /** A gateway at a URL with {@code http}. */
    Gateway(String endpoint) {
        this(PLAIN, endpoint);
    }

    /** A gateway at a URL with {@code https}. */
    static Gateway overTls(String endpoint, SSLContext tls) {
        return new Gateway(http().sslContext(tls).build(), endpoint);
    }

    private static HttpClient.Builder http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2));
    }

    String url() {
        return base.toString();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    JsonNode post(String path, JsonNode body, Duration timeout) {
        return post(path, body, timeout, Optional.empty());
    }

    /** Sends a request with a token of {@link #authenticate}. */
    JsonNode post(String path, JsonNode body, Duration timeout, Optional<String> token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .timeout(timeout);
        if (!body.path("serializable").asBoolean(false)) {
            // A member that knows no leader then says so at once, in place of waiting for one.
            request.header("Grpc-Metadata-hasleader", "true");
        }
        token.ifPresent(text -> request.header("Authorization", text));
        return parse(send("POST " + path, request));
    }

    /** A token for a user; empty if the cluster does not want any. */
    Optional<String> authenticate(Session.Login user, Duration timeout) {
        ObjectNode request = object().put("name", user.name()).put("password", user.password());
        try {
            return Optional.of(post("/v3/auth/authenticate", request, timeout)
                    .path("token")
                    .asString(""));
        } catch (EtcdRequestException e) {
            if (e.says("authentication is not enabled")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    String get(String path, Duration timeout) {
        return send("GET " + path, HttpRequest.newBuilder(base.resolve(path)).timeout(timeout));
    }

    private String send(String what, HttpRequest.Builder request) {
        String where = what + " at " + base;
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new EtcdRequestException(where + ": " + response.statusCode() + " " + complaint(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new EtcdRequestException(where + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EtcdRequestException(where + ": interrupted", e);
        }
    }

    private static String complaint(String body) {
        try {
            return JSON.readTree(body).path("message").asString(body.strip());
        } catch (JacksonException e) {
            return body.strip();
        }
    }
}
