package dev.eventvalues.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** etcd's JSON gateway on one member. */
final class Gateway {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final URI base;

    Gateway(String endpoint) {
        this.base = URI.create(endpoint);
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    JsonNode post(String path, JsonNode body, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .timeout(timeout);
        if (!body.path("serializable").asBoolean(false)) {
            // A member that knows no leader then says so at once, in place of waiting for one.
            request.header("Grpc-Metadata-hasleader", "true");
        }
        return parse(send("POST " + path, request));
    }

    String get(String path, Duration timeout) {
        return send("GET " + path, HttpRequest.newBuilder(base.resolve(path)).timeout(timeout));
    }

    private String send(String what, HttpRequest.Builder request) {
        String where = what + " at " + base;
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
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
