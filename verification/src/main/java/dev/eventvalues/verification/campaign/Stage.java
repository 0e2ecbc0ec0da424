package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterBuilder;
import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.testkit.EtcdRequestException;
import dev.eventvalues.testkit.Member;
import dev.eventvalues.testkit.Requests;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster of three that serves many schedules, each with keys of its own. Used by one thread at a time. */
final class Stage implements AutoCloseable {
    private static final Pattern ALARM = Pattern.compile("\"memberID\":\"(\\d+)\"");

    private final EtcdCluster cluster;
    private final Disks disks = new Disks();
    private final @Nullable Secrets secrets;

    private Stage(EtcdCluster cluster, @Nullable Secrets secrets) {
        this.cluster = cluster;
        this.secrets = secrets;
    }

    static Stage start(EtcdRelease release, boolean secured) throws IOException {
        EtcdClusterBuilder settings = EtcdCluster.builder().members(3).release(release);
        if (!secured) {
            return new Stage(settings.start(), null);
        }
        Secrets secrets = Secrets.create();
        return new Stage(secrets.start(settings), secrets);
    }

    EtcdCluster cluster() {
        return cluster;
    }

    Disks disks() {
        return disks;
    }

    Secrets secrets() {
        if (secrets == null) {
            throw new IllegalStateException("this cluster has no secrets");
        }
        return secrets;
    }

    Access access(String prefix) {
        return new Access(cluster.endpoints(), prefix, secrets == null ? null : secrets.login());
    }

    /** Ends every fault, and waits until the cluster is well. */
    void mend() {
        cluster.members().forEach(disks::empty);
        cluster.repair();
        endAlarms();
        if (secrets != null) {
            secrets.tellPassword();
            secrets.rotateTrust();
        }
    }

    void raiseAlarm() {
        cluster.call(
                "/v3/maintenance/alarm",
                "{\"action\":\"ACTIVATE\",\"alarm\":\"NOSPACE\",\"memberID\":\""
                        + Long.toUnsignedString(cluster.leader().id()) + "\"}");
    }

    void endAlarms() {
        Matcher raised = ALARM.matcher(cluster.call("/v3/maintenance/alarm", "{\"action\":\"GET\"}"));
        while (raised.find()) {
            cluster.call(
                    "/v3/maintenance/alarm",
                    "{\"action\":\"DEACTIVATE\",\"alarm\":\"NOSPACE\",\"memberID\":\"" + raised.group(1) + "\"}");
        }
    }

    /** How many watches there are on all members that answer. */
    double watches() {
        return cluster.members().stream().mapToDouble(Stage::watches).sum();
    }

    /** The member on which the watches are. */
    int inUse() {
        return cluster.members().stream()
                .max(Comparator.comparingDouble(Stage::watches))
                .map(Member::index)
                .orElseThrow();
    }

    private static double watches(Member member) {
        try {
            return member.isRunning() && !member.isPaused() ? member.metric("etcd_debugging_mvcc_watcher_total") : 0;
        } catch (EtcdRequestException e) {
            return 0;
        }
    }

    /** What clients have asked of all members since these were started. */
    static long asked(Requests requests) {
        return Stream.of("Range", "Txn", "Watch", "Authenticate", "Put", "DeleteRange")
                .mapToLong(requests::started)
                .sum();
    }

    /** Whether a member can do what it is asked for, without asking others. */
    boolean answers(Member member) {
        return member.isRunning() && !member.isPaused();
    }

    Optional<Requests> requests() {
        try {
            return Optional.of(cluster.requests());
        } catch (EtcdRequestException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        cluster.members().forEach(Member::kill);
        disks.close();
        cluster.close();
        if (secrets != null) {
            secrets.close();
        }
    }
}
