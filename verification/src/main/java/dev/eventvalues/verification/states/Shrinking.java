package dev.eventvalues.verification.states;

import java.util.BitSet;

/** Leaves out what a failure does not need. */
final class Shrinking {
    private final Candidate candidate;
    private final long seed;
    private final Invariant broken;
    private BitSet left = new BitSet();

    private Shrinking(Candidate candidate, long seed, Invariant broken) {
        this.candidate = candidate;
        this.seed = seed;
        this.broken = broken;
    }

    /** The steps that can be left out of a schedule, and the same invariant is still broken. */
    static BitSet of(Candidate candidate, long seed, Schedule.Outcome outcome) {
        if (outcome.broken() == null) {
            return new BitSet();
        }
        Shrinking shrinking = new Shrinking(candidate, seed, outcome.broken().invariant);
        for (int run = Integer.highestOneBit(outcome.steps()); run > 0; run /= 2) {
            shrinking.without(run, outcome.steps());
        }
        shrinking.without(1, outcome.steps()); // what was needed may not be any more
        return shrinking.left;
    }

    private void without(int run, int steps) {
        for (int from = 0; from < steps; from += run) {
            BitSet more = (BitSet) left.clone();
            more.set(from, Math.min(steps, from + run));
            if (!more.equals(left)) {
                Invariant.Broken still =
                        Schedule.run(candidate, seed, more, null).broken();
                left = still != null && still.invariant == broken ? more : left;
            }
        }
    }
}
