package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Runs a harness, each entrant in a JVM of its own, so that none profits or suffers from what ran before. */
final class HarnessRun implements RowRun {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final Harnesses row;
    private final Scale scale;

    HarnessRun(Harnesses row, Scale scale) {
        this.row = row;
        this.scale = scale;
    }

    @Override
    public String row() {
        return row.rowName();
    }

    @Override
    public int steps() {
        return turns() * row.harness().entrants().size();
    }

    private int turns() {
        return Math.max(1, scale.forks);
    }

    @Override
    public void measure(Progress progress, Consumer<Figure> sink) throws IOException, InterruptedException {
        if (!row.harness().possible()) {
            progress.leftOut("this JVM has no virtual threads, Java 21 has");
        } else if (scale != Scale.SMOKE && row.harness().pinned() && !Files.isExecutable(TASKSET)) {
            progress.leftOut("there is no " + TASKSET);
        } else {
            inTurns(progress, sink);
        }
    }

    /** Entrants take turns, so that a machine that is busy for a while is so for all of them. */
    private void inTurns(Progress progress, Consumer<Figure> sink) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (int turn = 0; turn < turns(); turn++) {
            for (Entrant entrant : row.harness().entrants()) {
                progress.step(entrant.title());
                if (scale == Scale.SMOKE) {
                    figures.addAll(row.harness().measure(entrant.name(), scale));
                } else {
                    try {
                        figures.addAll(fork(entrant));
                    } catch (Unfinished e) {
                        progress.unfinished(e.why());
                    }
                }
            }
        }
        Figure.together(figures).forEach(sink);
    }

    private List<Figure> fork(Entrant entrant) throws IOException, InterruptedException, Unfinished {
        List<String> launcher = row.harness().pinned() ? List.of(TASKSET.toString(), "-c", "0") : List.of();
        String classPath = System.getProperty("java.class.path");
        List<Figure> figures = new ArrayList<>();
        try (ChildJvm jvm = ChildJvm.start(
                        launcher, classPath, HarnessRun.class.getName(), row.name(), entrant.name(), scale.name());
                TimeLimit limit = new TimeLimit(scale.limitSeconds, jvm::kill)) {
            for (String line = jvm.lines().readLine();
                    line != null;
                    line = jvm.lines().readLine()) {
                figures.add(JSON.readValue(line, Figure.class));
            }
            int code = jvm.exitCode();
            if (code != 0) {
                throw limit.unfinished(entrant.title() + ": " + row(), "its JVM ended with exit code " + code);
            }
        }
        return figures;
    }

    /** The forked JVM: row, entrant and scale; prints one figure per line. */
    public static void main(String[] args) throws InterruptedException {
        Harness<?> harness = Harnesses.valueOf(args[0]).harness();
        for (Figure figure : harness.measure(args[1], Scale.valueOf(args[2]))) {
            byte[] line = (JSON.writeValueAsString(figure) + "\n").getBytes(StandardCharsets.UTF_8);
            System.out.write(line, 0, line.length);
        }
        System.out.flush();
    }
}
