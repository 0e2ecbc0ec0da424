package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file that keeps the figures of a day, JDK and scale, row by row as they come: breaking off loses one row. */
final class Results {
    private final Path file;
    private Report report;

    private Results(Path file, Report report) {
        this.file = file;
        this.report = report;
    }

    /** Takes what a row has given. */
    @FunctionalInterface
    interface Keeper {
        void keep(String row, Measured measured, List<Figure> figures) throws IOException;
    }

    /**
     * Goes on with what was measured today under the same conditions. Under others it begins anew, unless only {@code
     * some} rows will be measured: that is refused, as the others would be lost.
     */
    static Results of(Path directory, Scale scale, boolean some) throws IOException {
        return of(directory, Report.begin(scale), some);
    }

    static Results of(Path directory, Report begun, boolean some) {
        String suffix = begun.scale() == Scale.FULL ? "" : "-quick";
        Path file = directory.resolve(begun.date() + "-" + Runtime.version().feature() + suffix + ".json");
        if (Files.exists(file)) {
            Report before = Report.read(file);
            if (before.isLike(begun)) {
                return new Results(file, before);
            }
            if (some) {
                throw new IllegalArgumentException(file.getFileName() + " has figures of " + before.conditions()
                        + "; here is " + begun.conditions() + ". Measure all rows, or move the file away");
            }
        }
        return new Results(file, begun);
    }

    /** Returns all that is kept now. */
    Report keep(String row, Measured measured, List<Figure> figures) throws IOException {
        report = report.with(row, measured, figures);
        report.write(file);
        return report;
    }
}
