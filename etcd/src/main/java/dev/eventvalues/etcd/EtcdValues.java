package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.wire.Backoff;
import dev.eventvalues.etcd.wire.Connection;
import dev.eventvalues.etcd.wire.Credentials;
import dev.eventvalues.etcd.wire.Endpoint;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.etcd.wire.Security;
import dev.eventvalues.etcd.wire.TlsFiles;
import dev.eventvalues.etcd.wire.Transport;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an etcd cluster, over which any number of values and ranges are followed: they share streams, and each
 * key or range has one watch at the server however many consumers it has. One for each cluster is enough.
 *
 * <p>Connects when first used, and goes on trying for ever: a service can start before its etcd. Which member it speaks
 * to is its own choice among the endpoints; when one fails it goes on with the next.
 *
 * <p><b>Threads.</b> May be used from any thread. It has two of its own (IO and timers), which never run user code.
 *
 * <p><b>Closing.</b> {@link #close} ends every watcher with {@link dev.eventvalues.WatcherClosedException}, completes
 * publishers, and makes every other call throw {@link IllegalStateException}.
 */
public final class EtcdValues implements EtcdKeys, AutoCloseable {
    private final Feeds feeds;
    private final Keyspace keyspace;
    private final List<Endpoint> endpoints;

    private EtcdValues(Builder settings, Security security) {
        this.endpoints = settings.endpoints;
        this.feeds = new Feeds(
                new Connection.Settings(
                        endpoints, settings.requestTimeout, settings.staleAfter, settings.backoff, security),
                settings.linger,
                new Limits(settings.maxKeys, settings.maxBytes, settings.pageSize),
                settings.auditEvery,
                settings.seam);
        this.keyspace = new Keyspace(feeds, settings.namespace);
    }

    /**
     * Makes a connection with the default settings. Does no IO.
     *
     * @param endpoints where members listen, such as {@code http://127.0.0.1:2379}; at least one
     * @return to be closed
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public static EtcdValues connect(String... endpoints) {
        return builder().endpoints(endpoints).build();
    }

    /**
     * Begins a connection with other settings.
     *
     * @return a builder with every default but the endpoints
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public EtcdKeys namespace(Key prefix) {
        return keyspace.namespace(prefix);
    }

    @Override
    public <T> EtcdValue<T> value(Key key, Decoder<T> decoder) {
        return keyspace.value(key, decoder);
    }

    @Override
    public <T> WritableEtcdValue<T> value(Key key, Codec<T> codec) {
        return keyspace.value(key, codec);
    }

    @Override
    public <T> EtcdRange<T> prefix(Key prefix, Decoder<T> decoder) {
        return keyspace.prefix(prefix, decoder);
    }

    @Override
    public <T> WritableEtcdRange<T> prefix(Key prefix, Codec<T> codec) {
        return keyspace.prefix(prefix, codec);
    }

    @Override
    public <T> EtcdRange<T> range(Key from, Key toExclusive, Decoder<T> decoder) {
        return keyspace.range(from, toExclusive, decoder);
    }

    @Override
    public <T> WritableEtcdRange<T> range(Key from, Key toExclusive, Codec<T> codec) {
        return keyspace.range(from, toExclusive, codec);
    }

    /**
     * How many changes to keys the server has not told of, as {@linkplain Builder#auditEvery audits} have found. Each has
     * been made up for.
     *
     * @return 0 without audits
     */
    public long lostByServer() {
        return feeds.lostKeys();
    }

    /**
     * Ends everything that runs over this connection. Keys that are {@linkplain WritableEtcdValue#hold held} are given
     * back first, which may take up to a second, or the request timeout if that is less. Idempotent; from any thread.
     */
    @Override
    public void close() {
        feeds.close();
    }

    /** Names the endpoints. */
    @Override
    public String toString() {
        return "EtcdValues" + endpoints;
    }

    /** The settings of a connection. Not for use by several threads at once. */
    public static final class Builder {
        private static final Key EVERYTHING = Key.of("");
        private static final Duration LEAST_STALE_AFTER = Duration.ofMillis(100);

        private List<Endpoint> endpoints = List.of();
        private Key namespace = EVERYTHING;
        private @Nullable Credentials credentials;
        private TlsFiles.@Nullable Source<List<X509Certificate>> trust;
        private TlsFiles.@Nullable Source<TlsFiles.Identity> identity;
        private Duration requestTimeout = Duration.ofSeconds(5);
        private Duration staleAfter = Duration.ofSeconds(5);
        private Duration linger = Duration.ofSeconds(30);
        private Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));
        private int pageSize = Integer.MAX_VALUE;
        private int maxKeys = Integer.MAX_VALUE;
        private long maxBytes = Runtime.getRuntime().maxMemory() / 4;
        private Duration auditEvery = Duration.ZERO;
        private UnaryOperator<Transport> seam = UnaryOperator.identity();

        private Builder() {}

        /**
         * Where members of the cluster listen.
         *
         * @param urls such as {@code http://127.0.0.1:2379}
         * @return this
         * @throws IllegalArgumentException if there is none, or one is malformed
         */
        public Builder endpoints(String... urls) {
            if (urls.length == 0) {
                throw new IllegalArgumentException("no endpoint; expected at least one, such as http://127.0.0.1:2379");
            }
            endpoints = Arrays.stream(urls).map(Endpoint::parse).distinct().toList();
            return this;
        }

        /**
         * Puts a prefix before every key, as {@link EtcdKeys#namespace(String)} does.
         *
         * @param prefix none by default; the empty one is none
         * @return this
         */
        public Builder namespace(String prefix) {
            namespace = Key.of(prefix);
            return this;
        }

        /**
         * Who we are to etcd, if it demands a name. Over {@code http} endpoints the password travels in the clear.
         *
         * <p>The password is asked for whenever a connection needs a new token: when it begins, after the token has
         * expired or become void, and after a refusal, then at most about twice a second. So a password that changes is
         * picked up. It is asked for on a thread of its own, never on two at a time, and may take its time; meanwhile
         * requests wait, at most for their timeout. If etcd has authentication turned off, the name is not used.
         *
         * @param user the name
         * @param password gives the password, in a fresh array each time: it is cleared after use
         * @return this
         * @throws IllegalArgumentException if the user is empty
         */
        public Builder credentials(String user, Supplier<char[]> password) {
            credentials = new Credentials(user, password);
            return this;
        }

        /**
         * Trusts these authorities, and no others, to vouch for the members; without it those that the JDK trusts.
         * Demands {@code https} endpoints. The file is read by {@link #build}, and again when a connection begins: what
         * replaces it is used by new connections, a file that cannot be read or understood is logged and ignored.
         * Connections that are open go on.
         *
         * @param caPem a PEM file of one or more certificates
         * @return this
         */
        public Builder trust(Path caPem) {
            trust = TlsFiles.trustPem(caPem);
            return this;
        }

        /**
         * Like {@link #trust(Path)}, from a PKCS#12 file.
         *
         * @param caPkcs12 a PKCS#12 file of one or more certificates
         * @param password of the file; copied, and kept to read the file again
         * @return this
         */
        public Builder trust(Path caPkcs12, char[] password) {
            trust = TlsFiles.trustPkcs12(caPkcs12, password);
            return this;
        }

        /**
         * Shows this certificate to members that ask for one. Demands {@code https} endpoints. A member that has
         * authentication turned on takes the certificate's common name for the user, if no credentials are given.
         *
         * <p>The files are read by {@link #build}, and again when a connection begins, as for {@link #trust(Path)}. While
         * only one of the two has been replaced, the pair before is used.
         *
         * @param certificateChainPem the certificate, followed by those of intermediate authorities
         * @param privateKeyPem its private key, not encrypted: PKCS#8, PKCS#1 or SEC 1
         * @return this
         */
        public Builder identity(Path certificateChainPem, Path privateKeyPem) {
            identity = TlsFiles.identityPem(certificateChainPem, privateKeyPem);
            return this;
        }

        /**
         * Like {@link #identity(Path, Path)}, from a PKCS#12 file.
         *
         * @param pkcs12 a PKCS#12 file of one private key and its certificates
         * @param password of the file and the key; copied, and kept to read the file again
         * @return this
         */
        public Builder identity(Path pkcs12, char[] password) {
            identity = TlsFiles.identityPkcs12(pkcs12, password);
            return this;
        }

        /**
         * How long a request may take before another endpoint is tried, or a write counts as unanswered.
         *
         * @param timeout 5 s by default
         * @return this
         * @throws IllegalArgumentException if not positive
         */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = positive("request timeout", timeout);
            return this;
        }

        /**
         * How long ago the last linearizable read on a connection may have been for what is known through it to count as
         * {@linkplain Freshness.Fresh fresh}. The connection in use is probed three times as often; when a probe fails,
         * the other endpoints are tried.
         *
         * @param age 5 s by default
         * @return this
         * @throws IllegalArgumentException if less than 100 ms: a read takes a round trip and, now and then, an election
         */
        public Builder staleAfter(Duration age) {
            if (age.compareTo(LEAST_STALE_AFTER) < 0) {
                throw new IllegalArgumentException(
                        "stale after " + age + " is too soon; the least is " + LEAST_STALE_AFTER);
            }
            staleAfter = age;
            return this;
        }

        /**
         * How long a key or range is followed after its last use, so that the next use finds it warm.
         *
         * @param time 30 s by default; zero stops at once
         * @return this
         * @throws IllegalArgumentException if negative
         */
        public Builder linger(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("the linger time must not be negative: " + time);
            }
            linger = time;
            return this;
        }

        /**
         * How long to rest after a failure: doubling from the least to the most, of which up to a half is left out at
         * random.
         *
         * @param min 50 ms by default
         * @param max 1 s by default
         * @return this
         * @throws IllegalArgumentException unless {@code 0 < min <= max}
         */
        public Builder backoff(Duration min, Duration max) {
            backoff = new Backoff(min, max);
            return this;
        }

        /**
         * The most keys of a range that are read in one request. Within it, pages take their size from what they hold: the
         * first has up to 1,000 keys, then they grow to about 8 MiB, counting 200 bytes more for each key. One that turns
         * out to be larger than 64 MiB, or does not come within the request timeout, is asked for again with fewer keys.
         *
         * <p>There is reason to set it if the server must be spared a page of very large values behind very small ones:
         * it makes a whole page before anyone can refuse it. Small pages cost the server much more in all, as it counts
         * with each page the keys that remain.
         *
         * @param keys not limited by default
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder pageSize(int keys) {
            if (keys < 1) {
                throw new IllegalArgumentException("the page size must be at least 1: " + keys);
            }
            pageSize = keys;
            return this;
        }

        /**
         * How many keys a range may have. With more, {@code next} throws a {@link RangeTooLargeException}, and the last
         * state within the limit stands.
         *
         * @param keys not limited by default
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder maxKeys(int keys) {
            if (keys < 1) {
                throw new IllegalArgumentException("a range must be allowed at least 1 key: " + keys);
            }
            maxKeys = keys;
            return this;
        }

        /**
         * How many bytes the keys and values of a range may have, counting 200 bytes more for each key, about what it
         * costs here. With more, {@code next} throws a {@link RangeTooLargeException} in place of an exhausted heap.
         *
         * @param bytes a quarter of the greatest heap size by default
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder maxBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("a range must be allowed at least 1 byte: " + bytes);
            }
            maxBytes = bytes;
            return this;
        }

        /**
         * How often each key or range that is followed is read again beside its watch, to find changes that the server
         * has not told of: some releases lose events (etcd issues 18089, 19179, 17529). What differs is read anew, told
         * as any other change, logged as a warning, and counted by {@link EtcdValues#lostByServer}.
         *
         * <p>An audit costs the server a read of the whole range, and this process the memory for a second copy of it
         * until the two have been compared.
         *
         * @param period never by default; minutes are reasonable
         * @return this
         * @throws IllegalArgumentException if not positive
         */
        public Builder auditEvery(Duration period) {
            auditEvery = positive("audit period", period);
            return this;
        }

        /** Wraps the transport. For tests, which stage races there. */
        Builder seam(UnaryOperator<Transport> wrapper) {
            seam = wrapper;
            return this;
        }

        /**
         * Makes the connection. Reads the files of {@code trust} and {@code identity}, and does no other IO.
         *
         * @return to be closed
         * @throws IllegalArgumentException if no endpoint was given; if some endpoints are {@code https} and others are
         *     not, or certificates are given for endpoints that are not; or if a file cannot be read or understood
         */
        public EtcdValues build() {
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException("no endpoint; expected at least one, such as http://127.0.0.1:2379");
            }
            return new EtcdValues(this, Security.of(credentials, new TlsFiles(trust, identity), endpoints));
        }

        private static Duration positive(String what, Duration duration) {
            if (Objects.requireNonNull(duration, what).isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("the " + what + " must be positive: " + duration);
            }
            return duration;
        }
    }
}
