package dev.eventvalues.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The flags of etcd that are the same for all members of a cluster, and those that follow from a member's place.
 *
 * @param heartbeat how often a leader tells that it is there
 * @param electionTimeout how long without that until another one is elected
 * @param more flags that take precedence over all others
 */
record MemberFlags(Duration heartbeat, Duration electionTimeout, List<String> more) {
    static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    /**
     * The command that starts a member.
     *
     * @param binary the program
     * @param directory of the cluster's data
     * @param member its index
     * @param clientPort where it listens for clients
     * @param knownClientPort where clients are to find it
     * @param peerPort where it listens for other members
     * @param knownPeerPorts where the members are to find each other
     */
    List<String> command(
            EtcdBinary binary,
            Path directory,
            int member,
            int clientPort,
            int knownClientPort,
            int peerPort,
            List<Integer> knownPeerPorts) {
        List<String> command = new ArrayList<>(List.of(
                binary.etcd().toString(),
                "--name=m" + member,
                "--data-dir=" + directory.resolve("m" + member),
                "--listen-client-urls=" + url(clientPort),
                "--advertise-client-urls=" + url(knownClientPort),
                "--listen-peer-urls=" + url(peerPort),
                "--initial-advertise-peer-urls=" + url(knownPeerPorts.get(member)),
                "--initial-cluster=" + initialCluster(knownPeerPorts),
                "--initial-cluster-token=" + directory.getFileName(),
                "--initial-cluster-state=new",
                "--heartbeat-interval=" + heartbeat.toMillis(),
                "--election-timeout=" + electionTimeout.toMillis(),
                "--pre-vote=true",
                "--unsafe-no-fsync",
                "--experimental-watch-progress-notify-interval=1s",
                "--logger=zap",
                "--log-level=warn"));
        command.addAll(more);
        return command;
    }

    private static String initialCluster(List<Integer> knownPeerPorts) {
        return IntStream.range(0, knownPeerPorts.size())
                .mapToObj(i -> "m" + i + "=" + url(knownPeerPorts.get(i)))
                .collect(Collectors.joining(","));
    }
}
