package dev.eventvalues.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of trying a run of seeds.
 *
 * @param subject what was tried
 * @param first the first seed
 * @param count how many seeds, one after the other
 * @param date of the last of them, in UTC
 * @param tally what was counted, such as {@code deletes told}
 * @param findings what must not be: each names its seed; empty is what one hopes for
 * @param figures what cannot be added up: a row for each seed, by the names of the columns; for few seeds that take long
 */
public record Evidence(
        Subject subject,
        long first,
        long count,
        String date,
        SortedMap<String, Long> tally,
        List<String> findings,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        List<Map<String, String>> figures) {
    public Evidence {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException("no run of seeds: " + count + " from " + first);
        }
        tally = new TreeMap<>(tally);
        findings = List.copyOf(findings);
        figures = figures == null ? List.of() : List.copyOf(figures); // earlier lines have none
    }

    /** Evidence of which all that was counted can be added up. */
    public Evidence(
            Subject subject,
            long first,
            long count,
            String date,
            SortedMap<String, Long> tally,
            List<String> findings) {
        this(subject, first, count, date, tally, findings, List.of());
    }

    /** The figures that cannot be added up. */
    List<Map<String, String>> rows() {
        return Objects.requireNonNull(figures, "set when it was made");
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
        List<Map<String, String>> rows = new ArrayList<>(rows());
        rows.addAll(next.rows());
        return new Evidence(subject, first, count + next.count, next.date, sum, all, rows);
    }
}
