package dev.eventvalues.testkit;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A store with another timeout. */
final class BoundedStore extends EtcdStore {
    private final EtcdStore store;
    private final Duration timeout;

    BoundedStore(EtcdStore store, Duration timeout) {
        this.store = store;
        this.timeout = timeout;
    }

    @Override
    Duration timeout() {
        return timeout;
    }

    @Override
    JsonNode post(String path, JsonNode body, Duration limit) {
        return store.post(path, body, limit);
    }

    @Override
    boolean isWorthRepeating(EtcdRequestException refusal) {
        return store.isWorthRepeating(refusal);
    }
}
