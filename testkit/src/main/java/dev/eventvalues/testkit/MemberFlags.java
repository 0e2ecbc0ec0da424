package dev.eventvalues.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The flags of etcd that are the same for all members of a cluster, and those that follow from a member's place.
 *
 * @param heartbeat how often a leader tells that it is there
 * @param electionTimeout how long without that until another one is elected
 * @param tls how clients are served, in the clear if it is empty
 * @param more flags that take precedence over all others
 */
record MemberFlags(Duration heartbeat, Duration electionTimeout, Optional<ClusterTls> tls, List<String> more) {
    static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** Where clients reach a port. */
    String clientUrl(int port) {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    }

    /** The gateway of a member that listens for clients at a port. */
    Gateway gateway(int clientPort) {
        String url = clientUrl(clientPort);
        return tls.map(secure -> Gateway.overTls(url, secure.context())).orElseGet(() -> new Gateway(url));
    }

    /**
     * The command that starts a member.
     *
     * @param binary the program
     * @param place of the member
     * @param token of the cluster
     * @param clientPort where it listens for clients
     * @param knownClientPort where clients are to find it
     * @param peerPort where it listens for other members
     */
    List<String> command(
            EtcdBinary binary, Place place, String token, int clientPort, int knownClientPort, int peerPort) {
        List<String> command = new ArrayList<>();
        command.add(binary.etcd().toString());
        command.addAll(place.flags(token));
        command.addAll(List.of(
                "--listen-client-urls=" + clientUrl(clientPort),
                "--advertise-client-urls=" + clientUrl(knownClientPort),
                "--listen-peer-urls=" + url(peerPort),
                "--initial-cluster-state=new",
                // else it wants to have seen all others for five seconds before one is replaced
                "--strict-reconfig-check=false",
                "--heartbeat-interval=" + heartbeat.toMillis(),
                "--election-timeout=" + electionTimeout.toMillis(),
                "--pre-vote=true",
                "--unsafe-no-fsync",
                "--experimental-watch-progress-notify-interval=1s",
                "--logger=zap",
                "--log-level=warn"));
        tls.ifPresent(secure -> command.addAll(secure.flags()));
        command.addAll(more);
        return command;
    }
}
