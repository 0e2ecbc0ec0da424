package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Extent;
import dev.eventvalues.benchmarks.etcd.PeerProcess;
import dev.eventvalues.benchmarks.etcd.Trials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs the rows with etcd: a server for each row, and a JVM for each contender in turn. */
final class EtcdRun {
    private final Scale scale;
    private final List<Trials> trials;
    private final Consumer<Figure> sink;

    /** What the contenders of a row have told so far. */
    private final Map<Cell, List<Double>> samples = new LinkedHashMap<>();

    private record Cell(String row, int size, EtcdContender contender, String measure, String unit) {
        Figure figure(List<Double> samples) {
            double[] all = samples.stream().mapToDouble(d -> d).toArray();
            return Figure.of(row, size, contender, measure, unit, all);
        }
    }

    EtcdRun(Scale scale, Predicate<String> wanted, Consumer<Figure> sink) {
        this.scale = scale;
        this.trials = Arrays.stream(Trials.values())
                .filter(trial -> wanted.test(trial.rowName()))
                .toList();
        this.sink = sink;
    }

    void run() throws IOException, InterruptedException {
        if (scale == Scale.SMOKE) {
            inTurn(trials);
            tell();
        } else {
            for (Trials trial : trials) {
                for (int round = 0; round < (scale == Scale.FULL ? 3 : 1); round++) {
                    inTurn(List.of(trial));
                }
                tell();
            }
        }
    }

    private void tell() {
        samples.forEach((cell, all) -> sink.accept(cell.figure(all)));
        samples.clear();
    }

    private void inTurn(List<Trials> rows) throws IOException, InterruptedException {
        // What the server took for one client would count for the next.
        boolean alone = rows.equals(List.of(Trials.VALUES));
        EtcdServer server = new EtcdServer();
        try {
            for (EtcdContender contender : EtcdContender.values()) {
                List<Trials> its = rows.stream().filter(contender::takesPartIn).toList();
                if (!its.isEmpty()) {
                    measure(contender, its, server);
                    if (alone) {
                        server.close();
                        server = new EtcdServer();
                    }
                }
            }
        } finally {
            server.close();
        }
    }

    private void measure(EtcdContender contender, List<Trials> rows, EtcdServer server)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                contender.name(),
                server.endpoint(rows.contains(Trials.CUT)),
                Extent.valueOf(scale.name()).name(),
                String.valueOf(contender.mostWatches(scale))));
        rows.forEach(row -> arguments.add(row.name()));
        Process process =
                ChildJvm.start(contender.classPath(), PeerProcess.class.getName(), arguments.toArray(new String[0]));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintStream answers = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answer(line.split(" ", 2)[0], line.substring(line.indexOf(' ') + 1), contender, server, answers);
            }
            if (process.waitFor() != 0) {
                throw new IOException(rows + " of " + contender + " failed");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** The lines are described in {@link dev.eventvalues.benchmarks.etcd.Referee}. */
    private void answer(String verb, String rest, EtcdContender contender, EtcdServer server, PrintStream answers)
            throws IOException, InterruptedException {
        String[] words = rest.split(" ", -1);
        switch (verb) {
            case "figure" -> {
                for (String sample : Arrays.asList(words).subList(4, words.length)) {
                    add(words, contender, words[3], Double.parseDouble(sample));
                }
                return;
            }
            case "fill" -> server.fill(rest);
            case "write" -> server.write(rest);
            case "memory" -> server.megabytes().ifPresent(megabytes -> add(words, contender, "MB", megabytes));
            case "watches" -> add(words, contender, "watches", server.watches());
            case "settle" -> server.awaitWatches(Integer.parseInt(rest));
            case "cut" -> server.cutClients();
            default -> throw new IOException("not understood: " + verb);
        }
        answers.println("done");
    }

    private void add(String[] words, EtcdContender contender, String unit, double sample) {
        Cell cell = new Cell(Trials.valueOf(words[0]).rowName(), Integer.parseInt(words[1]), contender, words[2], unit);
        samples.computeIfAbsent(cell, c -> new ArrayList<>()).add(sample);
    }
}
