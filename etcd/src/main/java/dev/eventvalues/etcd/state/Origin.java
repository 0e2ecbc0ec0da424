package dev.eventvalues.etcd.state;

/**
 * Where an answer comes from: the head of each of etcd's responses.
 *
 * @param clusterId the cluster that answered
 * @param revision the revision of its store when it answered
 * @param term the raft term of the last entry in its log; 0 if it is not told
 */
public record Origin(long clusterId, long revision, long term) {
    /**
     * Of an answer that does not tell its term.
     *
     * @param clusterId the cluster that answered
     * @param revision the revision of its store when it answered
     */
    public Origin(long clusterId, long revision) {
        this(clusterId, revision, 0);
    }

    /** Whether it can come from the store of an earlier answer, not before that one: in a log, both only grow. */
    boolean succeeds(Origin earlier) {
        return clusterId == earlier.clusterId && revision >= earlier.revision && isNotBeforeTerm(earlier.term);
    }

    /** A member that has been restarted does not know its term before the next entry. */
    boolean isNotBeforeTerm(long earlier) {
        return term == 0 || term >= earlier;
    }

    /** How far the store has come of which this and another answer are. */
    Origin latest(Origin other) {
        return new Origin(clusterId, Math.max(revision, other.revision), Math.max(term, other.term));
    }

    Origin at(long laterRevision) {
        return new Origin(clusterId, laterRevision, term);
    }
}
