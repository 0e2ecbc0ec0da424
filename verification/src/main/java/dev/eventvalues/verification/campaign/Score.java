package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.List;

/** What came of all schedules of a run, and whether that proves anything. Not thread-safe. */
final class Score {
    private static final int ENOUGH_FOR_PERCENTILES = 100;
    private static final long MOST_CONVERGE_WITHIN_MILLIS = 3_000;
    private static final long LEFT_AT_MOST_ONE_OF = 10;

    private final boolean control;
    private final List<Long> convergedMillis = new ArrayList<>();
    private long notCarriedOut;
    private long broken;

    /**
     * Of nothing yet.
     *
     * @param control whether the naive client is tried, which must fail
     */
    Score(boolean control) {
        this.control = control;
    }

    void add(Outcome outcome) {
        if (!outcome.wasCarriedOut()) {
            notCarriedOut++;
            return;
        }
        convergedMillis.add(outcome.convergedMillis());
        if (!outcome.broken().isEmpty()) {
            broken++;
        }
    }

    /** How many were carried out; the others count for nothing. */
    long tried() {
        return convergedMillis.size();
    }

    /**
     * Within how many milliseconds after the faults so many of a hundred schedules converged.
     *
     * @param percent for example 99
     */
    long convergedWithin(int percent) {
        List<Long> sorted = convergedMillis.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100);
    }

    /** Why this is no proof, a sentence each; none if it is one. */
    List<String> objections() {
        List<String> all = new ArrayList<>();
        if (notCarriedOut * LEFT_AT_MOST_ONE_OF > tried()) {
            all.add(notCarriedOut + " schedules could not be carried out, " + tried()
                    + " were: too few to prove anything.");
        }
        if (control) {
            if (broken * 2 < tried()) {
                all.add("The control must fail at least half of its schedules, or nothing is proved.");
            }
            return all;
        }
        if (broken > 0) {
            all.add("Repeat one with --seed: its plan is the same, the races of real clusters are not.");
        }
        if (tried() >= ENOUGH_FOR_PERCENTILES && convergedWithin(99) > MOST_CONVERGE_WITHIN_MILLIS) {
            all.add("99 of 100 must converge within " + MOST_CONVERGE_WITHIN_MILLIS + " ms.");
        }
        return all;
    }

    @Override
    public String toString() {
        return tried() + " schedules, " + broken + " broke an invariant";
    }
}
