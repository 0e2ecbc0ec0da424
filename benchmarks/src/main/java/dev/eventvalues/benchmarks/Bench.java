package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.openjdk.jmh.runner.RunnerException;

/** The program: measures everything, keeps the figures, and shows them in the documentation. */
public final class Bench {
    private static final String USAGE = "usage: bench smoke|quick|full [ROW...] | bench show FILE";

    private Bench() {}

    /**
     * Measures all rows or those named, at the named scale. Named rows replace those of the same day and JDK; {@code
     * smoke} keeps nothing.
     */
    public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
        Path root = Path.of(System.getProperty("eventvalues.root", "."));
        Page page = new Page(root.resolve("docs/performance.md"), root.resolve("docs/performance"));
        List<String> rows = args.length < 2 ? List.of() : List.of(args).subList(1, args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "smoke" -> measure(Scale.SMOKE, rows, Bench::print);
            case "quick" -> page.show(measureAndKeep(Scale.QUICK, rows, root));
            case "full" -> page.show(measureAndKeep(Scale.FULL, rows, root));
            case "show" -> page.show(Report.read(Path.of(args[1])));
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    private static Report measureAndKeep(Scale scale, List<String> rows, Path root)
            throws IOException, InterruptedException, RunnerException {
        Report report = measure(scale, rows, Bench::print);
        String name =
                report.date() + "-" + Runtime.version().feature() + (scale == Scale.FULL ? "" : "-quick") + ".json";
        Path file = root.resolve("benchmarks/results").resolve(name);
        if (!rows.isEmpty() && Files.exists(file)) {
            report = Report.read(file).with(report);
        }
        report.write(file);
        return report;
    }

    static Report measure(Scale scale, List<String> rows, Consumer<Figure> listener)
            throws IOException, InterruptedException, RunnerException {
        List<Figure> figures = new ArrayList<>();
        Consumer<Figure> sink = figure -> {
            figures.add(figure);
            listener.accept(figure);
        };
        Predicate<String> wanted = row -> rows.isEmpty() || rows.contains(row);
        new HarnessRun(scale, wanted, sink).run();
        new Microbenchmarks(scale, wanted, sink).run();
        new EtcdRun(scale, wanted, sink).run();
        return Report.of(LocalDate.now(ZoneOffset.UTC).toString(), scale, figures);
    }

    private static void print(Figure figure) {
        System.out.printf(
                Locale.ROOT,
                "%-16s %,9d  %-20s %-9s %14s %s%n",
                figure.row(),
                figure.size(),
                figure.entrant(),
                figure.measure(),
                Rounded.of(figure.median()),
                figure.unit());
    }
}
