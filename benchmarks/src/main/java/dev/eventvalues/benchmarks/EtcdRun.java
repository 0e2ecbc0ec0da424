package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Trials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Runs rows with etcd: a server for them, and a JVM for each contender; one measures at a time. */
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
            if (trials.equals(List.of(Trials.LATENCY))) {
                allAtOnce(progress);
            } else {
                oneAfterAnother(progress);
            }
        }
        samples.forEach((cell, all) -> sink.accept(cell.figure(all)));
        ratios(sink);
    }

    /** All clients are there, one measures at a time. Who came first in a turn comes last in the next. */
    private void allAtOnce(Progress progress) throws IOException, InterruptedException {
        List<EtcdClient> all = new ArrayList<>();
        try (EtcdServer server = new EtcdServer()) {
            version = server.version();
            for (EtcdContender contender : contenders()) {
                progress.step(contender.title() + " connects, to take turns");
                all.add(start(
                        contender, server, scale.limitSeconds * contenders().size(), progress));
            }
            List<EtcdClient> running = new ArrayList<>(all);
            while (!running.isEmpty()) {
                for (EtcdClient client : List.copyOf(running)) {
                    if (!takesTurn(client, progress)) {
                        running.remove(client);
                    }
                }
                Collections.reverse(running);
            }
        } finally {
            all.forEach(EtcdClient::close);
        }
    }

    private void oneAfterAnother(Progress progress) throws IOException, InterruptedException {
        // What the server took for one client would count for the next.
        boolean alone = trials.equals(List.of(Trials.VALUES));
        EtcdServer server = new EtcdServer();
        version = server.version();
        try {
            for (EtcdContender contender : contenders()) {
                progress.step(contender.title());
                try (EtcdClient client = start(contender, server, scale.limitSeconds, progress)) {
                    while (takesTurn(client, progress)) {
                        // it is always its turn
                    }
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

    private EtcdClient start(EtcdContender contender, EtcdServer server, int limitSeconds, Progress progress)
            throws IOException {
        List<Trials> its = trials.stream().filter(contender::takesPartIn).toList();
        return new EtcdClient(contender, its, server, scale, limitSeconds, new EtcdClient.Told() {
            @Override
            public void now(EtcdContender who, String what) {
                progress.at(who.title() + ": " + what);
            }

            @Override
            public void sample(Trials row, int size, EtcdContender who, String measure, String unit, double sample) {
                Cell cell = new Cell(row.rowName(), size, who, measure, unit);
                samples.computeIfAbsent(cell, c -> new ArrayList<>()).add(sample);
            }
        });
    }

    private static boolean takesTurn(EtcdClient client, Progress progress) throws IOException, InterruptedException {
        try {
            return client.takeTurn();
        } catch (Unfinished e) {
            progress.unfinished(e.why());
            return false;
        }
    }

    /** What was measured turn by turn, divided by what the stub had in the same turn. */
    private void ratios(Consumer<Figure> sink) {
        Cell stub = new Cell(Trials.LATENCY.rowName(), 1, EtcdContender.STUB, "p50", "µs");
        List<Double> ones = samples.getOrDefault(stub, List.of());
        for (EtcdContender contender : contenders()) {
            Cell cell = new Cell(stub.row, stub.size, contender, stub.measure, stub.unit);
            List<Double> its = samples.getOrDefault(cell, List.of());
            if (contender != EtcdContender.STUB && !its.isEmpty() && its.size() == ones.size()) {
                double[] ratios = IntStream.range(0, its.size())
                        .mapToDouble(turn -> its.get(turn) / ones.get(turn))
                        .toArray();
                sink.accept(Figure.of(stub.row, stub.size, contender, "ratio", "×", ratios));
            }
        }
    }
}
