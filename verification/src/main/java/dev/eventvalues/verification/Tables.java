package dev.eventvalues.verification;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The evidence of one kind as Markdown. What was counted stands beside what was tried; names with a colon, such as {@code
 * fault: leader moves}, are counted up in a table of their own, named by what stands before the colon. Figures that cannot be
 * added up have a table with a row for each seed.
 */
final class Tables {
    private static final String EARLIER = "earlier";
    private static final String MARK = ": ";

    private final List<Evidence> lines;
    private final Predicate<Subject> current;

    /**
     * Prepares the tables.
     *
     * @param lines all there is
     * @param current whether a subject is about the sources as they are; evidence about others is added up
     */
    Tables(List<Evidence> lines, Predicate<Subject> current) {
        this.lines = List.copyOf(lines);
        this.current = current;
    }

    String markdown() {
        Map<Subject, List<Evidence>> bySubject =
                lines.stream().collect(Collectors.groupingBy(this::shown, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder("| what | sources | Java | etcd | tried | findings | among it |\n");
        text.append("|---|---|---|---|---|---|---|\n");
        bySubject.forEach((subject, evidence) -> text.append(row(subject, evidence)));
        text.append(figures());
        text.append(details());
        return text.toString();
    }

    private Subject shown(Evidence line) {
        Subject subject = line.subject();
        return current.test(subject) ? subject : new Subject(subject.name(), EARLIER, "", "");
    }

    private String row(Subject subject, List<Evidence> evidence) {
        long tried = evidence.stream().mapToLong(Evidence::count).sum();
        int findings =
                evidence.stream().mapToInt(line -> line.findings().size()).sum();
        String counted = sum(evidence).entrySet().stream()
                .filter(entry -> !entry.getKey().contains(MARK))
                .map(entry -> number(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s%s | %d | %s |%n",
                subject.name(),
                subject.source(),
                subject.java(),
                subject.etcd(),
                number(tried),
                subject.source().equals(EARLIER) ? "" : seeds(evidence),
                findings,
                counted);
    }

    private static String seeds(List<Evidence> evidence) {
        return evidence.stream()
                .map(line -> number(line.first()) + "–" + number(line.end() - 1))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    /** What cannot be added up, a row for each; of the sources as they are, or else of the last there is. */
    private String figures() {
        List<Evidence> some =
                lines.stream().filter(line -> !line.rows().isEmpty()).toList();
        if (some.isEmpty()) {
            return "";
        }
        String last = some.get(some.size() - 1).subject().source();
        boolean any = some.stream().anyMatch(line -> current.test(line.subject()));
        List<Evidence> shown = some.stream()
                .filter(line -> any
                        ? current.test(line.subject())
                        : line.subject().source().equals(last))
                .toList();
        Set<String> columns = new LinkedHashSet<>();
        shown.forEach(line -> line.rows().forEach(row -> columns.addAll(row.keySet())));
        StringBuilder text = new StringBuilder("\n| what | sources | Java | etcd | ")
                .append(String.join(" | ", columns))
                .append(" |\n")
                .append("|---".repeat(columns.size() + 4))
                .append("|\n");
        for (Evidence line : shown) {
            Subject subject = line.subject();
            String who = String.join(" | ", subject.name(), subject.source(), subject.java(), subject.etcd());
            line.rows()
                    .forEach(row -> text.append("| ")
                            .append(who)
                            .append(" | ")
                            .append(columns.stream()
                                    .map(column -> row.getOrDefault(column, ""))
                                    .collect(Collectors.joining(" | ")))
                            .append(" |\n"));
        }
        return text.toString();
    }

    private String details() {
        Map<String, SortedMap<String, Long>> groups = new TreeMap<>();
        sum(lines).forEach((name, number) -> {
            int mark = name.indexOf(MARK);
            if (mark > 0) {
                groups.computeIfAbsent(name.substring(0, mark), group -> new TreeMap<>())
                        .put(name.substring(mark + MARK.length()), number);
            }
        });
        StringBuilder text = new StringBuilder();
        groups.forEach((group, numbers) -> {
            text.append("\n| ").append(group).append(" | times |\n|---|---|\n");
            numbers.forEach((name, number) -> text.append("| ")
                    .append(name)
                    .append(" | ")
                    .append(number(number))
                    .append(" |\n"));
        });
        return text.toString();
    }

    private static SortedMap<String, Long> sum(List<Evidence> evidence) {
        SortedMap<String, Long> sum = new TreeMap<>();
        for (Evidence line : evidence) {
            line.tally().forEach((name, number) -> sum.merge(name, number, Math::addExact));
        }
        return sum;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
