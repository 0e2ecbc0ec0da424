package dev.eventvalues.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of trying a run of seeds.
 *
 * @param subject what was tried
 * @param first the first seed
 * @param count how many seeds, one after the other
 * @param date of the last of them, in UTC
 * @param tally what was counted, such as {@code deletes told}
 * @param findings what must not be: each names its seed; empty is what one hopes for
 */
public record Evidence(
        Subject subject, long first, long count, String date, SortedMap<String, Long> tally, List<String> findings) {
    public Evidence {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException("no run of seeds: " + count + " from " + first);
        }
        tally = new TreeMap<>(tally);
        findings = List.copyOf(findings);
    }

    /** The first seed that was not tried. */
    public long end() {
        return first + count;
    }

    boolean continues(Evidence before) {
        return subject.equals(before.subject) && first == before.end();
    }

    /** This evidence and what came after it, as one. */
    Evidence with(Evidence next) {
        SortedMap<String, Long> sum = new TreeMap<>(tally);
        next.tally.forEach((name, number) -> sum.merge(name, number, Math::addExact));
        List<String> all = new ArrayList<>(findings);
        all.addAll(next.findings);
        return new Evidence(subject, first, count + next.count, next.date, sum, all);
    }
}
