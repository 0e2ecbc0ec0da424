package dev.eventvalues.verification.campaign;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of one schedule.
 *
 * @param seed of the schedule
 * @param broken the invariants that it broke
 * @param tally what was counted
 * @param convergedMillis how long after the faults all showed what there was; negative if it was not carried out
 * @param report all that is known of it, for people
 */
record Outcome(
        long seed, List<Invariants.Breach> broken, SortedMap<String, Long> tally, long convergedMillis, String report) {
    private static final double[] SECONDS = {0.1, 0.3, 1, 3, 10};
    private static final int EXCERPT = 30;
    private static final long NEVER = -1;

    static Outcome of(Case tried) {
        List<Invariants.Breach> broken = Invariants.broken(tried);
        return new Outcome(
                tried.plan().seed(), broken, tally(tried, broken), tried.convergedMillis(), report(tried, broken));
    }

    static Outcome outOfMemory(Plan plan, RuntimeException failure) {
        Invariants.Breach breach = new Invariants.Breach("memory is bounded", failure.toString());
        return new Outcome(plan.seed(), List.of(breach), new TreeMap<>(), 0, plan + "\n\n" + breach);
    }

    /** The cluster could not be brought into the state that the plan needs, or not be repaired. */
    static Outcome notCarriedOut(Plan plan) {
        SortedMap<String, Long> tally = new TreeMap<>();
        count(tally, "schedules that could not be carried out", 1);
        return new Outcome(plan.seed(), List.of(), tally, NEVER, plan.toString());
    }

    boolean wasCarriedOut() {
        return convergedMillis != NEVER;
    }

    private static SortedMap<String, Long> tally(Case tried, List<Invariants.Breach> broken) {
        SortedMap<String, Long> tally = new TreeMap<>();
        tried.struck().forEach(blow -> count(tally, "fault: " + blow.fault(), 1));
        count(
                tally,
                "schedules with both faults of their pair",
                tried.struck().containsAll(tried.plan().pair()) ? 1 : 0);
        count(tally, "converged within: " + bucket(tried.convergedMillis() / 1e3), 1);
        count(tally, "writes committed", tried.truth().size());
        count(tally, "sightings", tried.testimony().sightings().size());
        count(tally, "deletes told", deletes(tried));
        count(tally, "restored backups", tried.truth().stores().size() - 1L);
        count(tally, "refusals told", kind(tried, Sighting.OfRefusal.class));
        count(tally, "states called fresh", kind(tried, Sighting.Claim.class));
        count(
                tally,
                "faults that could not be inflicted",
                tried.plan().blows().size() - tried.struck().size());
        broken.stream()
                .map(Invariants.Breach::invariant)
                .distinct()
                .forEach(invariant -> count(tally, "broken: " + invariant, 1));
        return tally;
    }

    static void count(SortedMap<String, Long> tally, String name, long number) {
        if (number != 0) {
            tally.merge(name, number, Math::addExact);
        }
    }

    /** The names are in the order of their bounds. */
    static String bucket(double seconds) {
        for (double bound : SECONDS) {
            if (seconds <= bound) {
                return String.format(Locale.ROOT, "%4.1f s", bound);
            }
        }
        return "longer";
    }

    private static long kind(Case tried, Class<?> kind) {
        return tried.testimony().sightings().stream().filter(kind::isInstance).count();
    }

    static long deletes(Case tried) {
        long deletes = 0;
        for (Sighting sighting : tried.testimony().sightings()) {
            if (sighting instanceof Sighting.OfChanges changes) {
                deletes += changes.deltas().stream()
                        .filter(delta -> delta.after() == null)
                        .count();
            } else if (sighting instanceof Sighting.OfKey one && one.value() == null) {
                deletes++;
            }
        }
        return deletes;
    }

    static String report(Case tried, List<Invariants.Breach> broken) {
        StringBuilder report = new StringBuilder(tried.plan().toString()).append("\n\nwhat happened\n");
        tried.log().forEach(line -> report.append(line).append('\n'));
        report.append("\nthe end of the journal\n").append(tried.truth().excerpt(EXCERPT));
        report.append("\nconverged after ").append(tried.convergedMillis()).append(" ms; ");
        report.append(tried.requests())
                .append(" requests in ")
                .append(tried.seconds())
                .append(" s; ");
        report.append("endings ").append(tried.testimony().endings().endings()).append('\n');
        if (!broken.isEmpty()) {
            report.append("\nwhat was seen\n");
            tried.testimony()
                    .sightings()
                    .forEach(sighting -> report.append("  ").append(sighting).append('\n'));
            report.append("\nbroken\n");
            broken.forEach(each -> report.append("  ").append(each).append('\n'));
        }
        return report.toString();
    }
}
