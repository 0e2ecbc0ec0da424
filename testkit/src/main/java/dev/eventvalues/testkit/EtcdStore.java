package dev.eventvalues.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of a cluster, read and written through etcd's JSON gateway and the JDK's HTTP client alone: a witness that is
 * independent of the client under test.
 *
 * <p>It does not go through the proxies of {@link ClientFaults}. Reads are linearizable. Nothing that may have been
 * carried out is sent again: every method throws {@link EtcdRequestException} when etcd refuses or does not answer in
 * time, by default within ten seconds, and {@link IllegalStateException} when no leader is found in that time.
 * Keys and values given as text are written as UTF-8.
 */
public abstract sealed class EtcdStore permits EtcdCluster, Member, BoundedStore {
    private static final byte[] NUL = {0};
    private static final int KEYS_PER_PAGE = 1_000;
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
    private static final String COMPACTED_ALREADY = "required revision has been compacted";

    EtcdStore() {}

    /** Sends one request to a member. */
    abstract JsonNode post(String path, JsonNode body, Duration timeout);

    /** Whether a request has certainly not been carried out, for a reason that passes. */
    boolean isWorthRepeating(EtcdRequestException refusal) {
        return refusal.isForAChangeOfLeader();
    }

    Duration timeout() {
        return USUAL_TIMEOUT;
    }

    /**
     * The same keys, with another limit for each request.
     *
     * @param timeout how long a request may take
     * @return a view of this
     */
    public EtcdStore within(Duration timeout) {
        return new BoundedStore(this, timeout);
    }

    /**
     * Writes a key.
     *
     * @param key the key
     * @param value the value
     * @return the revision of the write
     */
    public long put(String key, String value) {
        return put(utf8(key), utf8(value));
    }

    /**
     * Writes a key.
     *
     * @param key the key
     * @param value the value
     * @return the revision of the write
     */
    public long put(byte[] key, byte[] value) {
        return revisionOf(
                send("/v3/kv/put", Gateway.object().put("key", base64(key)).put("value", base64(value))));
    }

    /**
     * Writes a key that goes with a lease.
     *
     * @param key the key
     * @param value the value
     * @param lease the id of the lease
     * @return the revision of the write
     */
    public long put(String key, String value, long lease) {
        ObjectNode request = Gateway.object().put("key", base64(utf8(key))).put("value", base64(utf8(value)));
        return revisionOf(send("/v3/kv/put", request.put("lease", lease)));
    }

    /**
     * Removes a key.
     *
     * @param key the key
     * @return the revision of the removal; if there was no such key, the current one
     */
    public long delete(String key) {
        return delete(utf8(key));
    }

    /**
     * Removes a key.
     *
     * @param key the key
     * @return the revision of the removal; if there was no such key, the current one
     */
    public long delete(byte[] key) {
        return revisionOf(send("/v3/kv/deleterange", Gateway.object().put("key", base64(key))));
    }

    /**
     * Removes all keys with a prefix, at one revision.
     *
     * @param prefix the prefix; all keys if it is empty
     * @return the revision of the removal; if there were no such keys, the current one
     */
    public long deletePrefix(String prefix) {
        return revisionOf(send("/v3/kv/deleterange", range(utf8(prefix))));
    }

    /**
     * Carries out several writes at one revision.
     *
     * @param operations adds them to the transaction
     * @return the revision of the writes
     */
    public long transaction(Consumer<? super Transaction> operations) {
        Transaction transaction = new Transaction();
        operations.accept(transaction);
        return revisionOf(send("/v3/kv/txn", transaction.request()));
    }

    /**
     * Reads a key.
     *
     * @param key the key
     * @return its value, or empty if there is no such key
     */
    public Optional<byte[]> get(String key) {
        return get(utf8(key));
    }

    /**
     * Reads a key.
     *
     * @param key the key
     * @return its value, or empty if there is no such key
     */
    public Optional<byte[]> get(byte[] key) {
        return entry(key).map(KeyValue::value);
    }

    /**
     * Reads a key with all that etcd stores about it.
     *
     * @param key the key
     * @return the key, or empty if there is no such key
     */
    public Optional<KeyValue> entry(String key) {
        return entry(utf8(key));
    }

    /**
     * Reads a key with all that etcd stores about it.
     *
     * @param key the key
     * @return the key, or empty if there is no such key
     */
    public Optional<KeyValue> entry(byte[] key) {
        return keys(send("/v3/kv/range", Gateway.object().put("key", base64(key)))).stream()
                .findFirst();
    }

    /**
     * Reads all keys with a prefix, at one revision.
     *
     * @param prefix the prefix; all keys if it is empty
     * @return the keys, in the order of their bytes
     */
    public List<KeyValue> entries(String prefix) {
        return entries(utf8(prefix));
    }

    /**
     * Reads all keys with a prefix, at one revision.
     *
     * @param prefix the prefix; all keys if it is empty
     * @return the keys, in the order of their bytes
     */
    public List<KeyValue> entries(byte[] prefix) {
        List<KeyValue> all = new ArrayList<>();
        ObjectNode request = range(prefix).put("limit", KEYS_PER_PAGE);
        JsonNode page = send("/v3/kv/range", request);
        request.put("revision", revisionOf(page));
        all.addAll(keys(page));
        while (page.path("more").asBoolean(false)) {
            byte[] last = all.get(all.size() - 1).key();
            page = send("/v3/kv/range", request.put("key", base64(Arrays.copyOf(last, last.length + 1))));
            all.addAll(keys(page));
        }
        return all;
    }

    /**
     * Reads all keys with a prefix, at one revision, as text.
     *
     * @param prefix the prefix; all keys if it is empty
     * @return the values by key, in the order of the keys
     */
    public SortedMap<String, String> getPrefix(String prefix) {
        SortedMap<String, String> all = new TreeMap<>();
        entries(prefix).forEach(entry -> all.put(entry.keyText(), entry.valueText()));
        return all;
    }

    /** {@return the revision of the last write to any key} */
    public long revision() {
        return revisionOf(
                send("/v3/kv/range", Gateway.object().put("key", base64(NUL)).put("count_only", true)));
    }

    /**
     * Forgets all that was overwritten or removed before now.
     *
     * @return the revision compacted at
     */
    public long compact() {
        long head = revision();
        try {
            compact(head);
        } catch (EtcdRequestException e) {
            if (!e.says(COMPACTED_ALREADY)) {
                throw e;
            }
        }
        return head;
    }

    /**
     * Forgets all that was overwritten or removed before a revision, and returns when a member has done so.
     *
     * @param revision the oldest revision that can still be read
     */
    public void compact(long revision) {
        send("/v3/kv/compaction", Gateway.object().put("revision", revision).put("physical", true));
    }

    /**
     * Grants a lease.
     *
     * @param timeToLive how long it lives unless it is kept alive, in whole seconds; etcd may make it longer
     * @return its id
     */
    public long grantLease(Duration timeToLive) {
        return send("/v3/lease/grant", Gateway.object().put("TTL", timeToLive.toSeconds()))
                .path("ID")
                .asLong();
    }

    /**
     * Ends a lease, and removes its keys.
     *
     * @param lease its id
     */
    public void revokeLease(long lease) {
        send("/v3/lease/revoke", Gateway.object().put("ID", lease));
    }

    /** {@return the ids of all leases that a member knows of; without those granted or revoked this very moment} */
    public List<Long> leases() {
        return send("/v3/lease/leases", Gateway.object())
                .path("leases")
                .valueStream()
                .map(lease -> lease.path("ID").asLong())
                .toList();
    }

    /**
     * How long a lease has left.
     *
     * @param lease its id
     * @return the time, in whole seconds; empty if there is no such lease
     */
    public Optional<Duration> timeToLive(long lease) {
        long seconds = send("/v3/lease/timetolive", Gateway.object().put("ID", lease))
                .path("TTL")
                .asLong(0);
        return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /**
     * Sends any other request that etcd's JSON gateway knows.
     *
     * @param path for example {@code /v3/lease/grant}
     * @param json the request
     * @return the response
     */
    public String call(String path, String json) {
        return send(path, Gateway.parse(json)).toString();
    }

    private JsonNode send(String path, JsonNode body) {
        Deadline deadline = Deadline.in(timeout());
        return deadline.awaitPresent(() -> path, () -> {
            try {
                return Optional.of(post(path, body, deadline.remaining()));
            } catch (EtcdRequestException e) {
                if (!isWorthRepeating(e) || deadline.passed()) {
                    throw e;
                }
                return Optional.empty();
            }
        });
    }

    private static long revisionOf(JsonNode response) {
        return response.path("header").path("revision").asLong();
    }

    private static List<KeyValue> keys(JsonNode response) {
        return response.path("kvs").valueStream().map(KeyValue::new).toList();
    }

    /** The fields of a request that select all keys with a prefix. */
    static ObjectNode range(byte[] prefix) {
        byte[] first = prefix.length == 0 ? NUL : prefix;
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xff) {
            length--;
        }
        byte[] end = NUL; // to etcd: no end
        if (length > 0) {
            end = Arrays.copyOf(prefix, length);
            end[length - 1]++;
        }
        return Gateway.object().put("key", base64(first)).put("range_end", base64(end));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
