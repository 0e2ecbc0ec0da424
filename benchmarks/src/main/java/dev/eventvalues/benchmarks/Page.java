package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page that explains the rows: what stands between its markers is written anew from a report. */
final class Page {
    private static final String BEGIN = "<!-- figures: written by the program, do not edit -->";
    private static final String END = "<!-- end of figures -->";

    private final Path file;
    private final Path charts;

    Page(Path file, Path charts) {
        this.file = file;
        this.charts = charts;
    }

    void show(Report report) throws IOException {
        Files.createDirectories(charts);
        String link = file.toAbsolutePath()
                .resolveSibling("")
                .relativize(charts.toAbsolutePath())
                .toString()
                .replace('\\', '/');
        StringBuilder figures = new StringBuilder(BEGIN + "\n\n");
        figures.append(String.format(
                "%s, %s, %s; scale `%s`. In brackets: times the lock cell, with etcd the gRPC stub, or, where that takes no part, the line of its kind without brackets.%n",
                report.date(),
                report.jdk(),
                report.machine(),
                report.scale().name().toLowerCase(java.util.Locale.ROOT)));
        for (Row row : Row.values()) {
            if (!report.entrants(row).isEmpty()) {
                Files.writeString(charts.resolve(row.fileName()), new ChartOfRow(report, row).svg());
                figures.append("\n### ").append(Character.toUpperCase(row.title.charAt(0)));
                figures.append(row.title.substring(1)).append("\n\n");
                figures.append(new TableOfRow(report, row).markdown());
                figures.append(String.format("%n![%s](%s/%s)%n", row.plainTitle(), link, row.fileName()));
            }
        }
        figures.append('\n').append(END);
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("the page has no markers for figures");
        }
        Files.writeString(file, page.substring(0, begin) + figures + page.substring(end + END.length()));
    }
}
