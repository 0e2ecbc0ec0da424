package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/**
 * Which store answers, as far as its linearizable answers tell: what is asked after an answer was there is answered by the
 * same store, not before that answer. If it is not, the store was replaced, by another cluster or an earlier state of
 * itself. Immutable.
 *
 * @param newest how far the store is known to have come; null before its first answer
 * @param stores how many there have been
 */
public record Lineage(@Nullable Origin newest, int stores) {
    /** Before the first answer. */
    public static final Lineage UNKNOWN = new Lineage(null, 1);

    /**
     * Takes an answer.
     *
     * @param asked what this was when the question was asked: an answer says nothing of those that overtook it
     * @param answer who answered
     * @return with one store more if it was replaced
     */
    public Lineage answered(Lineage asked, Origin answer) {
        if (asked.stores != stores) {
            return this; // that it was replaced in between is known
        }
        if (asked.newest != null && !answer.succeeds(asked.newest)) {
            return new Lineage(answer, stores + 1);
        }
        return new Lineage(newest == null ? answer : newest.latest(answer), stores);
    }
}
