package dev.eventvalues.testkit;

import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings for an {@link EtcdCluster}. By default one member, the release that {@link EtcdBinary#locate()} finds, and
 * elections within a fraction of a second.
 *
 * <p>Not safe for use by several threads.
 */
public final class EtcdClusterBuilder {
    private static final int START_ATTEMPTS = 5;

    private int members = 1;
    private @Nullable EtcdRelease release;
    private Duration heartbeat = Duration.ofMillis(20);
    private Duration electionTimeout = Duration.ofMillis(200);
    private @Nullable ClusterTls tls;
    private final List<String> flags = new ArrayList<>();

    EtcdClusterBuilder() {}

    /**
     * Sets the size of the cluster.
     *
     * @param count how many members
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public EtcdClusterBuilder members(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a cluster has at least 1 member, not " + count);
        }
        members = count;
        return this;
    }

    /**
     * Insists on a release.
     *
     * @param wanted the release
     * @return this
     */
    public EtcdClusterBuilder release(EtcdRelease wanted) {
        release = wanted;
        return this;
    }

    /**
     * Sets how often the leader tells the others that it is there.
     *
     * @param interval the interval, in whole milliseconds
     * @return this
     */
    public EtcdClusterBuilder heartbeat(Duration interval) {
        heartbeat = interval;
        return this;
    }

    /**
     * Sets how long members do without a leader until they elect one.
     *
     * @param timeout the time, in whole milliseconds; etcd demands at least five heartbeats
     * @return this
     */
    public EtcdClusterBuilder electionTimeout(Duration timeout) {
        electionTimeout = timeout;
        return this;
    }

    /**
     * Sets heartbeat and election timeout to what etcd takes when it is told nothing: 100 ms and 1 s.
     *
     * @return this
     */
    public EtcdClusterBuilder etcdTimings() {
        return heartbeat(Duration.ofMillis(100)).electionTimeout(Duration.ofSeconds(1));
    }

    /**
     * Has the members serve clients over TLS, and in no other way.
     *
     * @param settings whom the members show themselves as, and whom they serve
     * @return this
     */
    public EtcdClusterBuilder tls(ClusterTls settings) {
        tls = settings;
        return this;
    }

    /**
     * Adds a flag of etcd, which takes precedence over those that the cluster sets itself.
     *
     * @param name for example {@code --auth-token-ttl}
     * @param value for example {@code 2}
     * @return this
     */
    public EtcdClusterBuilder flag(String name, String value) {
        return flags(name + "=" + value);
    }

    /**
     * Adds flags of etcd, which take precedence over those that the cluster sets itself.
     *
     * @param more for example {@code --auth-token-ttl=2}
     * @return this
     */
    public EtcdClusterBuilder flags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /**
     * Starts a cluster with these settings and waits until all of its members serve clients.
     *
     * @return a healthy cluster
     * @throws IllegalStateException if there is no etcd or it does not start; the message has an excerpt of its log
     */
    public EtcdCluster start() {
        EtcdBinary binary = release == null ? EtcdBinary.locate() : EtcdBinary.locate(release);
        MemberFlags common = new MemberFlags(heartbeat, electionTimeout, Optional.ofNullable(tls), List.copyOf(flags));
        for (int attempt = 1; ; attempt++) {
            EtcdCluster cluster = new EtcdCluster(binary, members, common);
            try {
                cluster.startMembers();
                return cluster;
            } catch (RuntimeException e) {
                // Another program may take a port between our look at it and its use.
                boolean portTaken = e.getCause() instanceof BindException || cluster.wasRefusedAPort();
                cluster.close();
                if (!portTaken || attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
