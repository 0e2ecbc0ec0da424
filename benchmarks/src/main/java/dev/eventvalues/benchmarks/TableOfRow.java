package dev.eventvalues.benchmarks;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A row as a Markdown table: the figures, and how many times its reference's each is. */
final class TableOfRow {
    private final Report report;
    private final Row row;

    TableOfRow(Report report, Row row) {
        this.report = report;
        this.row = row;
    }

    String markdown() {
        Set<Integer> sizes = report.sizes(row.row);
        StringBuilder table = new StringBuilder("| " + row.unit + " |");
        for (int size : sizes) {
            table.append(row.counted.isEmpty() ? " |" : String.format(Locale.ROOT, " %,d %s |", size, row.counted));
        }
        table.append("\n|---|").append("---|".repeat(sizes.size())).append('\n');
        for (Entrant entrant : report.entrants(row)) {
            table.append("| ").append(entrant.title()).append(" |");
            for (int size : sizes) {
                table.append(' ').append(cell(size, entrant)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String cell(int size, Entrant entrant) {
        Optional<Double> median = report.median(row, size, entrant);
        Entrant reference = entrant.reference();
        Optional<Double> one = reference == null ? Optional.empty() : report.median(row, size, reference);
        if (median.isEmpty()) {
            return "–";
        }
        String figure = Rounded.of(median.get());
        if (one.isEmpty() || one.get() < 0.5) { // nothing is a multiple of no bytes
            return figure;
        }
        return figure + " (" + Rounded.of(median.get() / one.get()) + "×)";
    }
}
