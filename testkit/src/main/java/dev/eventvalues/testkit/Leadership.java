package dev.eventvalues.testkit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which member leads those that together are a majority. */
final class Leadership {
    private final List<Member> members;
    private final PeerNetwork network;

    /* The leader as last found, null once that may have changed. Written by any thread; checked before use. */
    private volatile @Nullable Member last;

    Leadership(List<Member> members, PeerNetwork network) {
        this.members = members;
        this.network = network;
    }

    /** To be called after every change that may make another member the leader. */
    void mayHaveChanged() {
        last = null;
    }

    /** The leader as last found, or a new one if it cannot be any more. */
    Member known(Deadline deadline) {
        Member known = last;
        return known != null && reachesMajority(known) ? known : find(deadline);
    }

    /** A member that says it leads and has just answered a linearizable read. */
    Member find(Deadline deadline) {
        Member leader = deadline.awaitPresent(() -> "a leader of " + members, this::find);
        last = leader;
        return leader;
    }

    private Optional<Member> find() {
        record Claim(Member member, Member.Status status) {}
        // One that was cut off may still believe that it leads, but in an older term.
        return members.stream()
                .filter(this::reachesMajority)
                .flatMap(member -> member.leadership().map(status -> new Claim(member, status)).stream())
                .max(Comparator.comparingLong(claim -> claim.status().term()))
                .map(Claim::member)
                .filter(Member::isHealthy);
    }

    /** Whether a member and enough others are there, and connected to it, for it to take part in a majority. */
    boolean reachesMajority(Member member) {
        return isMajority(reachedBy(member));
    }

    /** Whether there is a majority to which a member is not needed. */
    boolean isMajorityWithout(Member member) {
        return members.stream()
                .filter(other -> other != member)
                .anyMatch(other -> isMajority(reachedBy(other).filter(reached -> reached != member)));
    }

    private Stream<Member> reachedBy(Member member) {
        return members.stream()
                .filter(other -> member.isResponsive()
                        && other.isResponsive()
                        && network.isWhole(member.index(), other.index()));
    }

    private boolean isMajority(Stream<Member> some) {
        return some.count() > members.size() / 2;
    }
}
