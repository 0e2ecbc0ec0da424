package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

    /** Of which commits the figures are, and of which servers. */
    private static String sources(Report report) {
        Set<String> commits = new LinkedHashSet<>();
        Set<String> servers = new LinkedHashSet<>();
        report.rows().values().forEach(row -> {
            commits.add("commit " + row.commit());
            if (row.etcd() != null) {
                servers.add("etcd " + row.etcd());
            }
        });
        commits.addAll(servers);
        return commits.isEmpty() ? "" : "; " + String.join("; ", commits);
    }

    /** Shows a report, and perhaps what was measured on the oldest Java. */
    void show(Report report, Optional<SpotCheck> spotCheck) throws IOException {
        Files.createDirectories(charts);
        String link = file.toAbsolutePath()
                .resolveSibling("")
                .relativize(charts.toAbsolutePath())
                .toString()
                .replace('\\', '/');
        StringBuilder figures = new StringBuilder(BEGIN + "\n\n");
        figures.append(String.format(
                "%s, %s; scale `%s`%s. In brackets: times the lock cell, with etcd the gRPC stub, or, where that takes no part, the line of its kind without brackets.%n",
                report.date(), report.conditions(), report.scale().name().toLowerCase(Locale.ROOT), sources(report)));
        for (Row row : Row.values()) {
            if (!report.entrants(row).isEmpty()) {
                Files.writeString(charts.resolve(row.fileName()), new ChartOfRow(report, row).svg());
                figures.append("\n### ").append(Character.toUpperCase(row.title.charAt(0)));
                figures.append(row.title.substring(1)).append("\n\n");
                figures.append(new TableOfRow(report, row).markdown());
                figures.append(String.format("%n![%s](%s/%s)%n", row.plainTitle(), link, row.fileName()));
            }
        }
        spotCheck.ifPresent(
                check -> figures.append("\n### Java 17, spot check\n\n").append(check.markdown()));
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
