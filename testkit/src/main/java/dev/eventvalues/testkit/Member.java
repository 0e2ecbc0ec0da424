package dev.eventvalues.testkit;

import java.time.Duration;
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
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final EtcdCluster cluster;
    private final int index;
    private final EtcdProcess process;
    private final TcpProxy clients;
    private final String directEndpoint;
    private final Gateway gateway;
    private final Gateway peerService;

    Member(
            EtcdCluster cluster,
            int index,
            EtcdProcess process,
            TcpProxy clients,
            String directEndpoint,
            String peerEndpoint) {
        this.cluster = cluster;
        this.index = index;
        this.process = process;
        this.clients = clients;
        this.directEndpoint = directEndpoint;
        this.gateway = new Gateway(directEndpoint);
        this.peerService = new Gateway(peerEndpoint);
    }

    /** {@return the position of this member in its cluster, from 0} */
    public int index() {
        return index;
    }

    /** {@return the URL at which clients reach it, through a proxy that obeys {@link ClientFaults}; it stays the same} */
    public String endpoint() {
        return "http://127.0.0.1:" + clients.port();
    }

    /** {@return the URL at which the process itself listens for clients; it stays the same} */
    public String directEndpoint() {
        return directEndpoint;
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
        cluster.requireOpen();
        process.start();
        cluster.disturbed();
    }

    void awaitReady() {
        await("to serve clients", () -> !cluster.leadership().reachesMajority(this) || isHealthy());
    }

    void awaitPeerService() {
        await("to serve its peers", () -> answers(() -> peerService.get("/version", GLANCE)));
    }

    private void await(String what, BooleanSupplier condition) {
        Deadline.in(READY_WITHIN).await(() -> "m" + index + " " + what + process.logExcerpt(), () -> {
            if (!process.isRunning()) {
                throw new IllegalStateException("m" + index + " has ended" + process.logExcerpt());
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
            throw new IllegalStateException("m" + index + " does not run");
        }
        return pid;
    }

    /**
     * Makes this member the leader.
     *
     * @throws IllegalStateException if it does not become the leader in time
     */
    public void moveLeaderHere() {
        Deadline.in(READY_WITHIN).await(() -> "m" + index + " to become the leader", () -> {
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
        double[] samples = gateway.get("/metrics", timeout())
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        if (samples.length == 0) {
            throw new IllegalArgumentException("etcd has no metric " + name);
        }
        return Arrays.stream(samples).sum();
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
        return gateway.post(path, body, timeout);
    }

    /** What a member says about itself. */
    record Status(String id, String leader, long term) {
        boolean isLeader() {
            return id.equals(leader);
        }
    }

    Status status(Duration timeout) {
        JsonNode status = gateway.post("/v3/maintenance/status", Gateway.object(), timeout);
        return new Status(
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

    /** Whether it answers a linearizable read. */
    boolean isHealthy() {
        try {
            return gateway.get("/health", GLANCE).contains("\"health\":\"true\"");
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
        return "m" + index + " (" + endpoint() + ")";
    }
}
