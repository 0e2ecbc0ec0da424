package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Extent;
import dev.eventvalues.benchmarks.etcd.PeerProcess;
import dev.eventvalues.benchmarks.etcd.Trials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs rows with etcd: a server for them, and a JVM for each contender in turn. */
final class EtcdRun implements RowRun {
    private final List<Trials> trials;
    private final Scale scale;

    /** What the contenders have told so far. */
    private final Map<Cell, List<Double>> samples = new LinkedHashMap<>();

    private String version = "";

    private record Cell(String row, int size, EtcdContender contender, String measure, String unit) {
        Figure figure(List<Double> samples) {
            double[] all = samples.stream().mapToDouble(d -> d).toArray();
            return Figure.of(row, size, contender, measure, unit, all);
        }
    }

    private EtcdRun(List<Trials> trials, Scale scale) {
        this.trials = trials;
        this.scale = scale;
    }

    /** A run for each row that is wanted; at the smallest scale they share the JVMs. */
    static List<RowRun> rows(Scale scale, Predicate<String> wanted) {
        List<Trials> trials = Arrays.stream(Trials.values())
                .filter(trial -> wanted.test(trial.rowName()))
                .toList();
        if (scale == Scale.SMOKE) {
            return trials.isEmpty() ? List.of() : List.of(new EtcdRun(trials, scale));
        }
        return trials.stream()
                .<RowRun>map(trial -> new EtcdRun(List.of(trial), scale))
                .toList();
    }

    @Override
    public String row() {
        return trials.size() == 1 ? trials.get(0).rowName() : "rows with etcd";
    }

    @Override
    public int steps() {
        return rounds() * contenders().size();
    }

    private int rounds() {
        return scale == Scale.FULL ? 3 : 1;
    }

    private List<EtcdContender> contenders() {
        return Arrays.stream(EtcdContender.values())
                .filter(contender -> trials.stream().anyMatch(contender::takesPartIn))
                .toList();
    }

    @Override
    public Optional<String> etcd() {
        return Optional.of(version);
    }

    @Override
    public void measure(Progress progress, Consumer<Figure> sink) throws IOException, InterruptedException {
        for (int round = 0; round < rounds(); round++) {
            inTurn(progress);
        }
        samples.forEach((cell, all) -> sink.accept(cell.figure(all)));
    }

    private void inTurn(Progress progress) throws IOException, InterruptedException {
        // What the server took for one client would count for the next.
        boolean alone = trials.equals(List.of(Trials.VALUES));
        EtcdServer server = new EtcdServer();
        version = server.version();
        try {
            for (EtcdContender contender : contenders()) {
                progress.step(contender.title());
                try {
                    measure(contender, server, progress);
                } catch (Unfinished e) {
                    progress.unfinished(e.getMessage());
                }
                if (alone) {
                    server.close();
                    server = new EtcdServer();
                }
            }
        } finally {
            server.close();
        }
    }

    private void measure(EtcdContender contender, EtcdServer server, Progress progress)
            throws IOException, InterruptedException, Unfinished {
        List<Trials> its = trials.stream().filter(contender::takesPartIn).toList();
        List<String> arguments = new ArrayList<>(List.of(
                contender.name(),
                server.endpoint(its.contains(Trials.CUT)),
                Extent.valueOf(scale.name()).name(),
                String.valueOf(contender.mostWatches(scale))));
        its.forEach(row -> arguments.add(row.name()));
        String now = row();
        try (ChildJvm client = ChildJvm.start(
                        contender.classPath(), PeerProcess.class.getName(), arguments.toArray(new String[0]));
                TimeLimit limit = new TimeLimit(scale.limitSeconds, client::kill)) {
            for (String line = client.lines().readLine();
                    line != null;
                    line = client.lines().readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("now")) {
                    now = String.format(
                            Locale.ROOT, "%s %,d", Trials.valueOf(words[1]).rowName(), Integer.parseInt(words[2]));
                    progress.at(contender.title() + ": " + now);
                } else {
                    answer(words[0], line.substring(line.indexOf(' ') + 1), contender, server, client);
                }
            }
            int code = client.exitCode();
            if (code != 0) {
                throw limit.unfinished(contender.title() + ": " + now, "its JVM ended with exit code " + code);
            }
        }
    }

    /** The lines are described in {@link dev.eventvalues.benchmarks.etcd.Referee}. */
    private void answer(String verb, String rest, EtcdContender contender, EtcdServer server, ChildJvm client)
            throws IOException, InterruptedException, Unfinished {
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
            case "settle" -> server.awaitWatches(Integer.parseInt(rest), client);
            case "cut" -> server.cutClients();
            default -> throw new IOException("not understood: " + verb);
        }
        client.input().println("done");
    }

    private void add(String[] words, EtcdContender contender, String unit, double sample) {
        Cell cell = new Cell(Trials.valueOf(words[0]).rowName(), Integer.parseInt(words[1]), contender, words[2], unit);
        samples.computeIfAbsent(cell, c -> new ArrayList<>()).add(sample);
    }
}
