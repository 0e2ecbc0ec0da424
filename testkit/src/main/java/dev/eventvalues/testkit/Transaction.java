package dev.eventvalues.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Several writes that become visible together, at one revision. A key can be written once in it. */
public final class Transaction {
    private final ArrayNode operations = Gateway.object().arrayNode();

    Transaction() {}

    /**
     * Adds the writing of a key.
     *
     * @param key the key, as UTF-8
     * @param value the value, as UTF-8
     * @return this
     */
    public Transaction put(String key, String value) {
        return put(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds the writing of a key.
     *
     * @param key the key
     * @param value the value
     * @return this
     */
    public Transaction put(byte[] key, byte[] value) {
        operations
                .addObject()
                .putObject("request_put")
                .put("key", Base64.getEncoder().encodeToString(key))
                .put("value", Base64.getEncoder().encodeToString(value));
        return this;
    }

    /**
     * Adds the removal of a key.
     *
     * @param key the key, as UTF-8
     * @return this
     */
    public Transaction delete(String key) {
        return delete(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds the removal of a key.
     *
     * @param key the key
     * @return this
     */
    public Transaction delete(byte[] key) {
        operations
                .addObject()
                .putObject("request_delete_range")
                .put("key", Base64.getEncoder().encodeToString(key));
        return this;
    }

    ObjectNode request() {
        ObjectNode request = Gateway.object();
        request.set("success", operations);
        return request;
    }
}
