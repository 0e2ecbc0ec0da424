package dev.eventvalues.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A member's place in its cluster: what the server must be told alike by who starts it and by who restores its data.
 *
 * @param directory of the cluster's data
 * @param index of the member
 * @param peerPorts where the members are to find each other
 */
record Place(Path directory, int index, List<Integer> peerPorts) {
    String name() {
        return "m" + index;
    }

    Path data() {
        return directory.resolve(name());
    }

    Path log() {
        return directory.resolve(name() + ".log");
    }

    /** Where the other members are to find it. */
    String peerUrl() {
        return MemberFlags.url(peerPorts.get(index));
    }

    /**
     * Flags of etcd's server and of its programs for backups.
     *
     * @param token the ids of the cluster and of its first members follow from it, together with their URLs
     */
    List<String> flags(String token) {
        return List.of(
                "--name=" + name(),
                "--data-dir=" + data(),
                "--initial-advertise-peer-urls=" + peerUrl(),
                "--initial-cluster=" + allPeerUrls(),
                "--initial-cluster-token=" + token);
    }

    private String allPeerUrls() {
        return IntStream.range(0, peerPorts.size())
                .mapToObj(i -> "m" + i + "=" + MemberFlags.url(peerPorts.get(i)))
                .collect(Collectors.joining(","));
    }
}
