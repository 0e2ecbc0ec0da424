package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was measured on Java 17, the oldest that is supported: in one table, ours only. */
final class SpotCheck {
    private static final String OLDEST = "-17(-quick)?\\.json";

    private final Report report;

    SpotCheck(Report report) {
        this.report = report;
    }

    /** The newest there is. */
    static Optional<SpotCheck> in(Path results) throws IOException {
        return newest(results, true).map(SpotCheck::new);
    }

    /** What the page shows, if anything was measured on a newer Java. */
    static Optional<Report> checked(Path results) throws IOException {
        return newest(results, false);
    }

    private static Optional<Report> newest(Path results, boolean oldestJava) throws IOException {
        if (!Files.isDirectory(results)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> file.toString().matches(".*" + OLDEST) == oldestJava)
                    .max(Comparator.comparing(Path::getFileName)) // begins with the date; "full" comes behind "quick"
                    .map(Report::read);
        }
    }

    String markdown() {
        StringBuilder table = new StringBuilder(report.date() + ", " + report.conditions() + "; scale `"
                + report.scale().name().toLowerCase(Locale.ROOT) + "`.\n\n");
        table.append("| | | | compared with |\n|---|---|---|---|\n");
        for (Row row : Row.values()) {
            for (int size : report.sizes(row.row)) {
                for (Entrant entrant : report.entrants(row)) {
                    if (entrant.side() == Entrant.Side.OURS) {
                        table.append(line(row, size, entrant));
                    }
                }
            }
        }
        return table.toString();
    }

    private String line(Row row, int size, Entrant entrant) {
        Entrant reference = entrant.reference();
        Optional<Double> its = report.median(row, size, entrant);
        Optional<Double> other = reference == null ? Optional.empty() : report.median(row, size, reference);
        if (reference == null || its.isEmpty() || other.isEmpty() || other.get() < 0.5) { // no multiple of no bytes
            return "";
        }
        String sized = row.counted.isEmpty() ? "" : String.format(Locale.ROOT, ", %,d %s", size, row.counted);
        return "| " + row.title + sized + " | " + entrant.title() + " | " + Rounded.of(its.get()) + " " + row.unit
                + " | " + Rounded.of(its.get() / other.get()) + "× " + reference.title() + " |\n";
    }
}
