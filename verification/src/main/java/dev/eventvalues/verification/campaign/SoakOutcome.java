package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToLongFunction;

/**
 * What came of a soak.
 *
 * @param seed of it
 * @param samples the one before the first fault, and one for each round
 * @param broken which invariants, in which round
 * @param tally what was counted
 */
record SoakOutcome(long seed, List<Sample> samples, List<String> broken, SortedMap<String, Long> tally) {
    private static final double MEGABYTE = 1 << 20;

    /** What must not be; each names the seed and the moment. */
    List<String> findings() {
        List<String> findings = new ArrayList<>(broken);
        if (canBeJudged()) {
            findings.addAll(new Steadiness(samples).findings());
        }
        return findings.stream().map(finding -> "seed " + seed + ": " + finding).toList();
    }

    /** Whether it came as far as to its first fault's end. */
    private boolean canBeJudged() {
        return samples.size() > 1;
    }

    /** What cannot be added up with other soaks, by the name of its column. */
    Map<String, String> figures() {
        Map<String, String> figures = new LinkedHashMap<>();
        if (!canBeJudged()) {
            return figures;
        }
        Sample last = samples.get(samples.size() - 1);
        figures.put("seed", String.valueOf(seed));
        figures.put("minutes", String.format(Locale.ROOT, "%.0f", last.minutes()));
        figures.put("faults", String.valueOf(samples.size() - 1));
        Steadiness steadiness = new Steadiness(samples);
        figures.put(
                "heap floor, early → late",
                String.format(
                        Locale.ROOT,
                        "%.2f → %.2f MB",
                        steadiness.heapEarly() / MEGABYTE,
                        steadiness.heapLate() / MEGABYTE));
        figures.put("guests between", String.format(Locale.ROOT, "%,d", steadiness.guestsBetween()));
        figures.put(
                "threads, first → last", firstAndLast(sample -> sample.process().ownThreadCount()));
        figures.put("open files", firstAndLast(sample -> sample.process().files()));
        figures.put("sockets", firstAndLast(sample -> sample.process().sockets().size()));
        figures.put("watches", firstAndLast(Sample::watches));
        figures.put(
                "longest to converge",
                samples.stream().mapToLong(Sample::convergedMillis).max().orElse(0) + " ms");
        return figures;
    }

    /** All samples, as a table with commas. */
    List<String> table() {
        List<String> table = new ArrayList<>(List.of(Sample.TABLE_HEAD));
        samples.forEach(sample -> table.add(sample.tableLine()));
        return table;
    }

    private String firstAndLast(ToLongFunction<Sample> count) {
        return count.applyAsLong(samples.get(0)) + " → " + count.applyAsLong(samples.get(samples.size() - 1));
    }
}
