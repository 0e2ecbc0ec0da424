package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program: measures everything, keeps the figures, and shows them in the documentation. */
public final class Bench {
    private static final String USAGE = "usage: bench smoke|quick|full [ROW...] | bench show FILE";

    private Bench() {}

    /**
     * Measures all rows or those named, at the named scale. Each replaces the row of the same day, JDK and scale as soon
     * as it is measured; {@code smoke} keeps nothing.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("eventvalues.root", "."));
        Page page = new Page(root.resolve("docs/performance.md"), root.resolve("docs/performance"));
        List<String> rows = args.length < 2 ? List.of() : List.of(args).subList(1, args.length);
        boolean well = true;
        try {
            switch (args.length == 0 ? "" : args[0]) {
                case "smoke" -> well = measure(Scale.SMOKE, rows, (row, measured, figures) -> {}, "");
                case "quick" -> well = measureAndKeep(Scale.QUICK, rows, root, page);
                case "full" -> well = measureAndKeep(Scale.FULL, rows, root, page);
                case "show" -> page.show(Report.read(Path.of(args[1])), SpotCheck.in(results(root)));
                default -> throw new IllegalArgumentException(USAGE);
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        System.exit(well ? 0 : 1); // peers leave threads behind
    }

    private static boolean measureAndKeep(Scale scale, List<String> rows, Path root, Page page)
            throws IOException, InterruptedException {
        Results results = Results.of(results(root), scale, !rows.isEmpty());
        // Measured on the oldest Java, figures are shown beside those of a newer one, not instead.
        boolean oldest = Runtime.version().feature() == 17;
        Results.Keeper keeper = (row, measured, figures) -> {
            Report kept = results.keep(row, measured, figures);
            page.show(oldest ? SpotCheck.checked(results(root)).orElse(kept) : kept, SpotCheck.in(results(root)));
        };
        return measure(scale, rows, keeper, Revision.of(root));
    }

    private static Path results(Path root) {
        return root.resolve("benchmarks/results");
    }

    private static boolean measure(Scale scale, List<String> rows, Results.Keeper keeper, String commit)
            throws IOException, InterruptedException {
        List<RowRun> runs = runs(scale, rows);
        Progress progress = new Progress(System.out, runs.size());
        measure(runs, progress, keeper, commit);
        return progress.finish();
    }

    static void measure(List<RowRun> runs, Progress progress, Results.Keeper keeper, String commit)
            throws IOException, InterruptedException {
        for (RowRun run : runs) {
            List<Figure> figures = new ArrayList<>();
            progress.begin(run.row(), run.steps());
            run.measure(progress, figure -> {
                figures.add(figure);
                progress.figure(figure);
            });
            long seconds = progress.end();
            keeper.keep(run.row(), Measured.now(commit, run.etcd(), seconds), figures);
        }
    }

    /** Those of the named rows; of all if none is named. */
    static List<RowRun> runs(Scale scale, List<String> named) {
        List<String> unknown = new ArrayList<>(named);
        List<RowRun> runs = new ArrayList<>();
        for (Row row : Row.values()) {
            unknown.remove(row.row);
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no such rows: " + unknown + "; there are " + Row.names());
        }
        for (Harnesses row : Harnesses.values()) {
            runs.add(new HarnessRun(row, scale));
        }
        runs.addAll(Microbenchmarks.rows(scale));
        runs.removeIf(run -> !named.isEmpty() && !named.contains(run.row()));
        runs.addAll(EtcdRun.rows(scale, row -> named.isEmpty() || named.contains(row)));
        return runs;
    }
}
