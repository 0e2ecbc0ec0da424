package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That everything is measured, kept and shown. What it measures means nothing. */
class SmokeTest {
    @TempDir
    private Path directory;

    private static Report report;

    @BeforeAll
    @Timeout(240)
    static void measure() throws Exception {
        Progress silent = new Progress(new PrintStream(OutputStream.nullOutputStream()), 0);
        report = Report.begin(Scale.SMOKE);
        Bench.measure(
                Bench.runs(Scale.SMOKE, inMemory()),
                silent,
                (row, measured, figures) -> report = report.with(row, measured, figures),
                "");
    }

    private static List<String> inMemory() {
        return Stream.of(Row.values())
                .filter(row -> !row.isEtcd())
                .map(row -> row.row)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void eachRowHasAFigureOfOurs(Row row) {
        assumeFalse(row.isEtcd(), "see EtcdSmokeIT");
        for (Harnesses each : Harnesses.values()) {
            assumeTrue(!each.rowName().equals(row.row) || each.harness().possible(), "needs virtual threads");
        }
        assertThat(report.entrants(row)).extracting(Entrant::side).contains(Entrant.Side.OURS);
    }

    @Test
    void eachFigureHasSamples() {
        assertThat(report.figures()).isNotEmpty().noneMatch(figure -> figure.samples() == 0);
    }

    @Test
    void eachFigureIsShown() {
        assertThat(report.figures())
                .extracting(Figure::row)
                .isSubsetOf(List.of(Row.values()).stream().map(row -> row.row).toList());
    }

    @Test
    void keepsWhatItMeasured() throws Exception {
        Path json = directory.resolve("results/run.json");
        report.write(json);
        assertThat(Report.read(json)).isEqualTo(report);
    }

    @Test
    void showsItOnThePageAndInCharts() throws Exception {
        Path page = directory.resolve("page.md");
        Files.writeString(
                page,
                "before\n<!-- figures: written by the program, do not edit -->\nold\n<!-- end of figures -->\nafter\n");
        Path charts = directory.resolve("charts");
        new Page(page, charts).show(report, Optional.empty());
        String first = Files.readString(page);
        assertThat(first).startsWith("before\n").endsWith("after\n").doesNotContain("old\n");
        new Page(page, charts).show(report, Optional.empty());
        assertThat(Files.readString(page)).isEqualTo(first);
        try (var files = Files.list(charts)) {
            for (Path chart : files.collect(Collectors.toList())) {
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
            }
        }
    }
}
