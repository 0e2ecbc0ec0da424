package dev.eventvalues.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** Runs the harnesses, each entrant in a JVM of its own, so that none profits or suffers from what ran before. */
final class HarnessRun {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final Scale scale;
    private final Predicate<String> wanted;
    private final Consumer<Figure> sink;

    HarnessRun(Scale scale, Predicate<String> wanted, Consumer<Figure> sink) {
        this.scale = scale;
        this.wanted = wanted;
        this.sink = sink;
    }

    void run() throws IOException, InterruptedException {
        for (Harnesses row : Harnesses.values()) {
            if (!wanted.test(row.rowName())) {
                continue;
            }
            if (!row.harness().possible()) {
                System.err.println(row.rowName() + " is left out: this JVM has no virtual threads, Java 21 has");
            } else if (scale != Scale.SMOKE && row.harness().pinned() && !Files.isExecutable(TASKSET)) {
                System.err.println(row.rowName() + " is left out: there is no " + TASKSET);
            } else {
                measure(row);
            }
        }
    }

    /** Entrants take turns, so that a machine that is busy for a while is so for all of them. */
    private void measure(Harnesses row) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (int turn = 0; turn < Math.max(1, scale.forks); turn++) {
            for (Entrant entrant : row.harness().entrants()) {
                figures.addAll(
                        scale == Scale.SMOKE
                                ? row.harness().measure(entrant.name(), scale)
                                : fork(row, entrant.name()));
            }
        }
        Figure.together(figures).forEach(sink);
    }

    private List<Figure> fork(Harnesses row, String entrant) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (row.harness().pinned()) {
            command.addAll(List.of(TASKSET.toString(), "-c", "0"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx2g", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(HarnessRun.class.getName(), row.name(), entrant, scale.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Figure> figures = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                figures.add(JSON.readValue(line, Figure.class));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(row + " of " + entrant + " failed");
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
