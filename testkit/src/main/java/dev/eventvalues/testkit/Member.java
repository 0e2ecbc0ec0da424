package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/**
 * One etcd process of a cluster, on 127.0.0.1.
 *
 * <p>It keeps its ports and its data when it is stopped and started. Its {@link EtcdStore} methods talk to this member
 * only, whatever its state: they are how a test reaches a member that is cut off from the others.
 *
 * <p>Safe for use by many threads.
 */
public final class Member extends EtcdStore implements ClientFaults {
    private static final int REPLACEMENTS = 3;

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final EtcdCluster cluster;
    private final Place place;
    private final EtcdProcess process;
    private final TcpProxy clients;
    private final String endpoint;
    private final Gateway gateway;
    private final Gateway peerService;

    /** When this place was last given to a new member, by the clock; written by whoever replaces it. */
    private volatile long addedInSecond;

    Member(
            EtcdCluster cluster,
            Place place,
            EtcdProcess process,
            TcpProxy clients,
            String endpoint,
            Gateway gateway,
            Gateway peerService) {
        this.cluster = cluster;
        this.place = place;
        this.process = process;
        this.clients = clients;
        this.endpoint = endpoint;
        this.gateway = gateway;
        this.peerService = peerService;
    }

    /** {@return the position of this member in its cluster, from 0} */
    public int index() {
        return place.index();
    }

    /** {@return the URL at which clients reach it, through a proxy that obeys {@link ClientFaults}; it stays the same} */
    public String endpoint() {
        return endpoint;
    }

    /** {@return the URL at which the process itself listens for clients; it stays the same} */
    public String directEndpoint() {
        return gateway.url();
    }

    /**
     * Starts the process, unless it runs, and waits until it serves clients. Without enough connected members for a
     * majority it cannot serve them, so then there is no wait.
     *
     * @throws IllegalStateException if it ends or does not get ready; the message has an excerpt of its log
     */
    public void start() {
        launch();
        awaitReady();
    }

    void launch() {
        launch(new String[0]);
    }

    private void launch(String... flags) {
        cluster.requireOpen();
        process.start(flags);
        cluster.disturbed();
    }

    void awaitReady() {
        await("to serve clients", () -> !cluster.leadership().reachesMajority(this) || isHealthy());
    }

    void awaitPeerService() {
        await("to serve its peers", () -> answers(() -> peerService.get("/version", GLANCE)));
    }

    private void await(String what, BooleanSupplier condition) {
        Deadline.in(READY_WITHIN).await(() -> place.name() + " " + what + process.logExcerpt(), () -> {
            if (!process.isRunning()) {
                throw new IllegalStateException(place.name() + " has ended" + process.logExcerpt());
            }
            return condition.getAsBoolean();
        });
    }

    private static boolean answers(Runnable request) {
        try {
            request.run();
            return true;
        } catch (EtcdRequestException e) {
            return false;
        }
    }

    /** Ends the process at once (SIGKILL), and waits for its end. */
    public void kill() {
        process.kill();
        cluster.disturbed();
    }

    /**
     * Tells the process to end (SIGTERM), and waits for its end. A leader hands over before it ends.
     *
     * @throws IllegalStateException if it does not end in time
     */
    public void stop() {
        process.stop();
        cluster.disturbed();
    }

    /**
     * Replaces this member by a new one at the same ports: ends the process at once, removes the member from the cluster,
     * deletes its data, adds it anew and waits until it serves clients. The other members must be a majority by
     * themselves and be connected to it.
     *
     * @throws IllegalStateException if the others are no majority, or the new member does not get ready
     * @throws EtcdRequestException if the others do not agree
     */
    public void replace() {
        if (!cluster.leadership().isMajorityWithout(this)) {
            throw new IllegalStateException(place.name() + " cannot be replaced: the others are no majority");
        }
        for (int attempt = 1; ; attempt++) {
            kill();
            cluster.remove(place.peerUrl());
            wipe();
            awaitNewId();
            cluster.add(place.peerUrl());
            addedInSecond = nowInSeconds();
            launch("--initial-cluster-state=existing");
            try {
                awaitReady();
                return;
            } catch (IllegalStateException e) {
                // Now and then a new member panics at what the leader had still under way to the one before.
                if (isRunning() || attempt == REPLACEMENTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * etcd makes the id of a new member of its URL and the time in seconds, and never takes an id again that has been
     * removed: it then says "member not found".
     */
    private void awaitNewId() {
        long before = addedInSecond;
        Deadline.in(READY_WITHIN).await(() -> "the next second", () -> nowInSeconds() > before);
    }

    private static long nowInSeconds() {
        return Instant.now().getEpochSecond();
    }

    /**
     * Saves a backup of what this member knows, with {@code etcdctl}.
     *
     * @param file where to save it; replaced if it is there
     * @return the file
     * @throws IllegalStateException if there is no {@code etcdctl} beside the server
     * @throws UncheckedIOException if it fails
     */
    public Path saveSnapshot(Path file) {
        cluster.backups().save(directEndpoint(), file);
        return file;
    }

    /** Replaces the data of this member, which does not run. */
    void restore(Path snapshot, String token) {
        wipe();
        cluster.backups().restore(snapshot, place, token);
    }

    private void wipe() {
        try {
            DataDirectory.delete(place.data());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the data of " + this, e);
        }
    }

    /**
     * Freezes the process (SIGSTOP): connections stay open, nothing is answered.
     *
     * @throws IllegalStateException if it does not run
     */
    public void pause() {
        process.pause();
        cluster.disturbed();
    }

    /** Lets a frozen process go on (SIGCONT). Does nothing to any other. */
    public void resume() {
        process.resume();
        cluster.disturbed();
    }

    /** {@return whether the process is there, frozen or not} */
    public boolean isRunning() {
        return process.isRunning();
    }

    /** {@return whether the process is frozen by {@link #pause()}} */
    public boolean isPaused() {
        return process.isPaused();
    }

    /**
     * The id of the process.
     *
     * @return the id
     * @throws IllegalStateException if it does not run
     */
    public long pid() {
        long pid = process.pid();
        if (pid == EtcdProcess.NO_PID) {
            throw new IllegalStateException(place.name() + " does not run");
        }
        return pid;
    }

    /**
     * Makes this member the leader.
     *
     * @throws IllegalStateException if it does not become the leader in time
     */
    public void moveLeaderHere() {
        Deadline.in(READY_WITHIN).await(() -> place.name() + " to become the leader", () -> {
            Member leader = cluster.leader();
            if (leader == this) {
                return true;
            }
            try {
                leader.gateway.post(
                        "/v3/maintenance/transfer-leadership",
                        Gateway.object().put("targetID", status(GLANCE).id()),
                        READY_WITHIN);
            } catch (EtcdRequestException e) {
                return false; // it was the leader; ask again
            }
            return cluster.leader() == this;
        });
        cluster.disturbed();
    }

    /**
     * Reads a metric of the process.
     *
     * @param name for example {@code etcd_debugging_mvcc_watcher_total}
     * @return the sum of its samples
     * @throws EtcdRequestException if the process does not answer
     * @throws IllegalArgumentException if it has no such metric
     */
    public double metric(String name) {
        double[] samples = metrics()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        if (samples.length == 0) {
            throw new IllegalArgumentException("etcd has no metric " + name);
        }
        return Arrays.stream(samples).sum();
    }

    private String metrics() {
        return gateway.get("/metrics", timeout());
    }

    /**
     * Counts the requests that have reached this member since its process was started.
     *
     * @return the counts
     * @throws EtcdRequestException if the process does not answer
     */
    public Requests requests() {
        return Requests.parse(metrics());
    }

    /**
     * Counts the connections to {@link #endpoint()} since the cluster was started, with those that are reset at once
     * because the process does not run. Those that {@link #refuseClients()} refuses are not among them:
     * nobody hears of these but the client.
     *
     * @return the number
     */
    public long acceptedConnections() {
        return clients.accepted();
    }

    @Override
    public void cutClients() {
        clients.reset();
    }

    @Override
    public void cutClientsAfter(long bytesToClient) {
        clients.valve().cutAfter(bytesToClient);
    }

    @Override
    public void refuseClients() {
        clients.refuse();
    }

    @Override
    public void blackHoleClients() {
        clients.valve().shut();
    }

    @Override
    public void delayClients(Duration delay) {
        clients.valve().delay(delay);
    }

    @Override
    public void healClients() {
        clients.valve().open();
        clients.listen();
    }

    @Override
    JsonNode post(String path, JsonNode body, Duration timeout) {
        return cluster.session().post(gateway, path, body, timeout);
    }

    /**
     * The id of this member.
     *
     * @return the id, to be read as unsigned; {@link #replace()} gives it another one
     * @throws EtcdRequestException if the process does not answer
     */
    public long id() {
        return Long.parseUnsignedLong(status(timeout()).id());
    }

    long clusterId() {
        return Long.parseUnsignedLong(status(timeout()).clusterId());
    }

    /** What a member says about itself. */
    record Status(String clusterId, String id, String leader, long term) {
        boolean isLeader() {
            return id.equals(leader);
        }
    }

    Status status(Duration timeout) {
        JsonNode status = gateway.post("/v3/maintenance/status", Gateway.object(), timeout);
        return new Status(
                status.path("header").path("cluster_id").asString(""),
                status.path("header").path("member_id").asString(""),
                status.path("leader").asString(""),
                status.path("raftTerm").asLong(0));
    }

    /** Its status, if it says that it is the leader. */
    Optional<Status> leadership() {
        try {
            return Optional.of(status(GLANCE)).filter(Status::isLeader);
        } catch (EtcdRequestException e) {
            return Optional.empty();
        }
    }

    /** Whether it answers a linearizable read. That there is no space for writes is no matter. */
    boolean isHealthy() {
        try {
            return gateway.get("/health?exclude=NOSPACE", GLANCE).contains("\"health\":\"true\"");
        } catch (EtcdRequestException e) {
            return false;
        }
    }

    /** Whether its process is there and not frozen. */
    boolean isResponsive() {
        return process.isRunning() && !process.isPaused();
    }

    EtcdProcess process() {
        return process;
    }

    void close() {
        process.kill();
        clients.close();
    }

    @Override
    public String toString() {
        return place.name() + " (" + endpoint() + ")";
    }
}
