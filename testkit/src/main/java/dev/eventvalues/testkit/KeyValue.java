package dev.eventvalues.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** A key as etcd stores it. */
public final class KeyValue {
    private final byte[] key;
    private final byte[] value;
    private final long createRevision;
    private final long modRevision;
    private final long version;
    private final long lease;

    KeyValue(JsonNode json) {
        Base64.Decoder base64 = Base64.getDecoder();
        this.key = base64.decode(json.path("key").asString(""));
        this.value = base64.decode(json.path("value").asString(""));
        this.createRevision = json.path("create_revision").asLong(0);
        this.modRevision = json.path("mod_revision").asLong(0);
        this.version = json.path("version").asLong(0);
        this.lease = json.path("lease").asLong(0);
    }

    /** {@return a copy of the key} */
    public byte[] key() {
        return key.clone();
    }

    /** {@return the key, read as UTF-8} */
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** {@return a copy of the value} */
    public byte[] value() {
        return value.clone();
    }

    /** {@return the value, read as UTF-8} */
    public String valueText() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** {@return the revision that created the key} */
    public long createRevision() {
        return createRevision;
    }

    /** {@return the revision that last wrote the key} */
    public long modRevision() {
        return modRevision;
    }

    /** {@return how often the key was written since it was created, at least 1} */
    public long version() {
        return version;
    }

    /** {@return the id of the lease that the key is bound to, 0 if there is none} */
    public long lease() {
        return lease;
    }

    @Override
    public String toString() {
        return keyText() + "@" + modRevision;
    }
}
