package dev.eventvalues.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An etcd cluster of real processes on 127.0.0.1, at free ports, whose members and links can be made to fail.
 *
 * <p>Its {@link EtcdStore} methods go to the leader among the members that run, are not paused and are connected to a
 * majority, and wait for an election if need be: they work whenever the cluster as a whole can.
 *
 * <p><i>Ending.</i> {@link #close()} ends the processes and deletes the data. So does the end of this JVM, even when it
 * is killed.
 *
 * <p>Safe for use by many threads.
 */
public final class EtcdCluster extends EtcdStore implements ClientFaults, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EtcdCluster.class.getName());
    private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(30);

    /** The servers that have been named in the log: each once, so that a test run says what it tested. */
    private static final Set<String> NAMED = ConcurrentHashMap.newKeySet();

    private final EtcdBinary binary;
    private final Path directory;
    private final LastWill lastWill;
    private final PeerNetwork network;
    private final List<Member> members;
    private final Leadership leadership;
    private final Session session = new Session();
    private final EtcdAuth auth = new EtcdAuth(this, session);
    private final Backups backups;
    private final AtomicInteger snapshots = new AtomicInteger();
    private final Thread shutdownHook = new Thread(this::end, "end of an etcd cluster");
    private final AtomicBoolean ended = new AtomicBoolean();

    /* What the id of the cluster follows from. Written by the thread that restores a backup, read by any. */
    private volatile String token;

    EtcdCluster(EtcdBinary binary, int size, MemberFlags flags) {
        this.binary = binary;
        if (NAMED.add(binary.version())) {
            LOG.log(System.Logger.Level.INFO, "starting clusters of etcd {0}", binary.version());
        }
        this.directory = DataDirectory.create(size);
        this.token = directory.getFileName().toString();
        this.backups = new Backups(binary, flags.tls(), session);
        this.lastWill = new LastWill(directory);
        List<Integer> peerPorts =
                IntStream.range(0, size).mapToObj(i -> LoopbackPort.free()).toList();
        this.network = new PeerNetwork(peerPorts, this::pids);
        List<Integer> knownPorts =
                IntStream.range(0, size).mapToObj(network::port).toList();
        List<Member> created = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int direct = LoopbackPort.free();
            TcpProxy clients = new TcpProxy("clients of m" + i, direct, socket -> TcpProxy.SOMEBODY);
            Place place = new Place(directory, i, knownPorts);
            List<String> command = flags.command(binary, place, token, direct, clients.port(), peerPorts.get(i));
            EtcdProcess process = new EtcdProcess(command, place.log(), this::disturbed);
            Gateway peerService = new Gateway(MemberFlags.url(peerPorts.get(i)));
            created.add(new Member(
                    this,
                    place,
                    process,
                    clients,
                    flags.clientUrl(clients.port()),
                    flags.gateway(direct),
                    peerService));
        }
        this.members = List.copyOf(created);
        this.leadership = new Leadership(members, network);
    }

    /**
     * Starts a cluster with the release that {@link EtcdBinary#locate()} finds and timings that suit tests.
     *
     * @param members how many members
     * @return a healthy cluster
     * @throws IllegalStateException if there is no etcd or it does not start
     */
    public static EtcdCluster start(int members) {
        return builder().members(members).start();
    }

    /** {@return new settings for a cluster: one member, timings that suit tests} */
    public static EtcdClusterBuilder builder() {
        return new EtcdClusterBuilder();
    }

    /** Starts all processes and waits until they serve clients. */
    void startMembers() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        members.forEach(Member::launch);
        // A new member asks the others whether it is really new, and waits a second for each that listens but does not
        // answer yet. It does not wait for one that refuses.
        members.forEach(Member::awaitPeerService);
        network.open();
        healClients();
        members.forEach(Member::awaitReady);
    }

    boolean wasRefusedAPort() {
        return members.stream().anyMatch(member -> member.process().wasRefusedItsPort());
    }

    /** {@return the etcd program of its processes} */
    public EtcdBinary binary() {
        return binary;
    }

    /** {@return the URLs at which clients reach the members, through proxies that obey {@link ClientFaults}} */
    public List<String> endpoints() {
        return members.stream().map(Member::endpoint).toList();
    }

    /** {@return the URLs at which the processes themselves listen for clients} */
    public List<String> directEndpoints() {
        return members.stream().map(Member::directEndpoint).toList();
    }

    /** {@return all members, running or not, in the order of their index} */
    public List<Member> members() {
        return members;
    }

    /**
     * A member, running or not.
     *
     * @param index its position, from 0
     * @return the member
     */
    public Member member(int index) {
        return members.get(index);
    }

    /**
     * The leader of the members that are connected to a majority. Waits for an election if need be.
     *
     * @return the leader, which has just answered a linearizable read
     * @throws IllegalStateException if none is elected in time
     */
    public Member leader() {
        return leadership.find(Deadline.in(HEALTHY_WITHIN));
    }

    /**
     * Waits until all members that run and are not paused answer linearizable reads.
     *
     * @param timeout how long at most
     * @throws IllegalStateException if the time is up
     */
    public void awaitHealthy(Duration timeout) {
        Deadline.in(timeout)
                .await(
                        () -> "all running members to be healthy: " + unhealthy(),
                        () -> unhealthy().isEmpty());
    }

    private List<Member> unhealthy() {
        return members.stream()
                .filter(member -> member.isResponsive() && !member.isHealthy())
                .toList();
    }

    /**
     * Cuts a member off from all others, both ways. Clients still reach it.
     *
     * @param member the member
     * @throws UnsupportedOperationException if this is not Linux
     */
    public void isolate(Member member) {
        network.isolate(indexOf(member));
        disturbed();
    }

    /**
     * Cuts the link between two members, both ways.
     *
     * @param one a member
     * @param other another one
     * @throws UnsupportedOperationException if this is not Linux
     */
    public void cut(Member one, Member other) {
        if (one == other) {
            throw new IllegalArgumentException(one + " has no link to itself");
        }
        network.cut(indexOf(one), indexOf(other));
        disturbed();
    }

    /**
     * Passes nothing on between a member and all others, both ways, until healed. Connections stay open and new ones are
     * accepted, so members learn of it only by waiting. Clients still reach it.
     *
     * @param member the member
     * @throws UnsupportedOperationException if this is not Linux
     */
    public void silence(Member member) {
        network.silence(indexOf(member));
        disturbed();
    }

    /**
     * Passes nothing on that a member sends to the others, until healed; what they send arrives. Clients still reach it.
     *
     * @param member the member
     * @throws UnsupportedOperationException if this is not Linux
     */
    public void mute(Member member) {
        network.mute(indexOf(member));
        disturbed();
    }

    /**
     * Passes nothing on that the others send to a member, until healed; what it sends arrives. Clients still reach it.
     *
     * @param member the member
     * @throws UnsupportedOperationException if this is not Linux
     */
    public void deafen(Member member) {
        network.deafen(indexOf(member));
        disturbed();
    }

    /** Mends all links between members. Does not wait until they have found each other again. */
    public void heal() {
        network.heal();
        disturbed();
    }

    /**
     * Counts the requests that have reached the members that run and are not paused.
     *
     * @return the counts, each since the start of the process
     * @throws EtcdRequestException if one of them does not answer
     */
    public Requests requests() {
        return members.stream()
                .filter(Member::isResponsive)
                .map(Member::requests)
                .reduce(Requests.NONE, Requests::plus);
    }

    /** {@return the sum of {@link Member#acceptedConnections()}} */
    public long acceptedConnections() {
        return members.stream().mapToLong(Member::acceptedConnections).sum();
    }

    /** {@return the id by which etcd tells clusters apart, to be read as unsigned} */
    public long id() {
        return leader().clusterId();
    }

    /**
     * Saves a backup of all that was written before now, with {@code etcdctl}.
     *
     * @return the file, which goes when this is closed
     * @throws IllegalStateException if there is no {@code etcdctl} beside the server
     * @throws java.io.UncheckedIOException if it fails
     */
    public Path saveSnapshot() {
        return leader().saveSnapshot(directory.resolve("snapshot-" + snapshots.incrementAndGet() + ".db"));
    }

    /**
     * Replaces the data of all members with a backup, as an operator does who does not choose a new token: the cluster
     * keeps its id, and the revision goes back. Ends all processes at once, and waits until the new ones serve clients.
     * Links that are cut stay so.
     *
     * <p>Users are restored too. If {@link #auth()} is enabled, then root must have had the same password, or
     * authentication must have been disabled, when the backup was saved.
     *
     * @param snapshot the file, of {@link #saveSnapshot()}
     * @throws IllegalStateException if there is no {@code etcdctl} or {@code etcdutl} beside the server, or members do
     *     not get ready
     * @throws java.io.UncheckedIOException if it is no backup; then nothing has changed
     */
    public void restore(Path snapshot) {
        restore(snapshot, token);
    }

    /**
     * Like {@link #restore(Path)}, but with another token, as etcd's documentation advises: the cluster gets another id,
     * which follows from the token and the URLs of the members.
     *
     * @param snapshot the file
     * @param newToken the token of the new cluster
     */
    public void restore(Path snapshot, String newToken) {
        backups.check(snapshot);
        members.forEach(Member::kill);
        session.forgetToken();
        token = newToken;
        members.forEach(member -> member.restore(snapshot, newToken));
        members.forEach(Member::launch);
        members.forEach(Member::awaitReady);
    }

    /** {@return the users of this cluster and what they may do} */
    public EtcdAuth auth() {
        return auth;
    }

    /**
     * Ends every fault: mends all links, lets paused members go on, starts those that do not run, and waits until all are
     * healthy. A member that ends again is replaced by a new one, as an operator would do: faults on top of each other can
     * leave etcd with data that it does not start with.
     *
     * @throws IllegalStateException if they are not in time
     */
    public void repair() {
        heal();
        healClients();
        members.forEach(Member::resume);
        members.forEach(Member::launch);
        members.forEach(EtcdCluster::awaitReadyOrReplace);
    }

    private static void awaitReadyOrReplace(Member member) {
        try {
            member.awaitReady();
        } catch (IllegalStateException e) {
            if (member.isRunning()) {
                throw e;
            }
            member.replace();
        }
    }

    private int indexOf(Member member) {
        int index = members.indexOf(member);
        if (index < 0) {
            throw new IllegalArgumentException(member + " is not of this cluster");
        }
        return index;
    }

    /** Takes a member out of the cluster, if it is in it. */
    void remove(String peerUrl) {
        Gateway.parse(call("/v3/cluster/member/list", "{}"))
                .path("members")
                .valueStream()
                .filter(member -> member.path("peerURLs").path(0).asString("").equals(peerUrl))
                .map(member -> Gateway.object().put("ID", member.path("ID").asString("")))
                .forEach(request -> call("/v3/cluster/member/remove", request.toString()));
    }

    /** Takes a member without data into the cluster. */
    void add(String peerUrl) {
        ObjectNode request = Gateway.object();
        request.putArray("peerURLs").add(peerUrl);
        call("/v3/cluster/member/add", request.toString());
    }

    /** Waits until all that was written before is known to the members that can know it. */
    void awaitApplied() {
        members.stream().filter(leadership::reachesMajority).forEach(Member::awaitReady);
    }

    /** Ends authentication, and removes all keys and leases. */
    void clear() {
        auth.disable();
        deletePrefix("");
        for (long lease : leases()) {
            try {
                revokeLease(lease);
            } catch (EtcdRequestException e) {
                if (!e.says("requested lease not found")) { // it has expired since
                    throw e;
                }
            }
        }
    }

    Backups backups() {
        return backups;
    }

    Session session() {
        return session;
    }

    Leadership leadership() {
        return leadership;
    }

    Path directory() {
        return directory;
    }

    void requireOpen() {
        if (ended.get()) {
            throw new IllegalStateException("this cluster is closed");
        }
    }

    /** To be called after every change that may make another member the leader. */
    void disturbed() {
        leadership.mayHaveChanged();
        lastWill.name(() -> LongStream.of(pids()).filter(pid -> pid != EtcdProcess.NO_PID));
    }

    private long[] pids() {
        return members.stream().mapToLong(member -> member.process().pid()).toArray();
    }

    @Override
    JsonNode post(String path, JsonNode body, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        return leadership.known(deadline).post(path, body, deadline.remaining());
    }

    @Override
    boolean isWorthRepeating(EtcdRequestException refusal) {
        leadership.mayHaveChanged();
        return refusal.isForWantOfALeader() || super.isWorthRepeating(refusal);
    }

    @Override
    public void cutClients() {
        members.forEach(Member::cutClients);
    }

    @Override
    public void cutClientsAfter(long bytesToClient) {
        members.forEach(member -> member.cutClientsAfter(bytesToClient));
    }

    @Override
    public void refuseClients() {
        members.forEach(Member::refuseClients);
    }

    @Override
    public void blackHoleClients() {
        members.forEach(Member::blackHoleClients);
    }

    @Override
    public void delayClients(Duration delay) {
        members.forEach(member -> member.delayClients(delay));
    }

    @Override
    public void healClients() {
        members.forEach(Member::healClients);
    }

    /** Kills the processes, waits for their end and deletes the data. Does nothing the second time. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            return; // this JVM is ending: the hook does it
        }
        end();
    }

    private void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        members.forEach(Member::close);
        network.close();
        lastWill.close();
    }

    @Override
    public String toString() {
        return binary + " " + endpoints();
    }
}
