package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The rows that JMH measures: short work of threads that never wait. */
final class Microbenchmarks {
    private static final String ENTRANT = "entrant";

    private final Scale scale;
    private final Predicate<String> wanted;
    private final Consumer<Figure> sink;

    Microbenchmarks(Scale scale, Predicate<String> wanted, Consumer<Figure> sink) {
        this.scale = scale;
        this.wanted = wanted;
        this.sink = sink;
    }

    void run() throws RunnerException {
        for (int watchers : scale.watchers) {
            run("set", watchers, SetBenchmark.class, Contender.setting(watchers), param("watchers", watchers));
        }
        run("ready", 0, ReadyBenchmark.class, Contender.reading(), options -> {});
        for (int depth : List.of(1, 5)) {
            run("views", depth, ViewsBenchmark.class, List.of(Chain.values()), param("depth", depth));
        }
        for (int others : scale.others()) {
            run("watch", others, WatchBenchmark.class, Contender.opening(), param("others", others));
        }
        for (int producers : List.of(2, 4)) {
            run(
                    "producers",
                    producers,
                    ProducersBenchmark.class,
                    Contender.producing(),
                    options -> options.threads(producers));
        }
    }

    private static Consumer<ChainedOptionsBuilder> param(String name, int value) {
        return options -> options.param(name, Integer.toString(value));
    }

    /** {@code sizing} makes the benchmark one of that size. */
    private void run(
            String row,
            int size,
            Class<?> benchmark,
            List<? extends Entrant> entrants,
            Consumer<ChainedOptionsBuilder> sizing)
            throws RunnerException {
        if (!wanted.test(row)) {
            return;
        }
        TimeValue time = TimeValue.milliseconds(scale.iterationMillis);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmark.getSimpleName() + "\\.")
                .param(ENTRANT, entrants.stream().map(Entrant::name).toArray(String[]::new))
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(scale.forks)
                .jvmArgsAppend("-Xmx2g", "-XX:+UseSerialGC") // no GC threads beside the measured one
                .warmupIterations(Math.min(3, scale.iterations))
                .warmupTime(time)
                .measurementIterations(scale.iterations)
                .measurementTime(time)
                .timeout(TimeValue.minutes(3))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        sizing.accept(options);
        for (RunResult result : new Runner(options.build()).run()) {
            report(row, size, entrants, result);
        }
    }

    private void report(String row, int size, List<? extends Entrant> entrants, RunResult result) {
        String name = result.getParams().getParam(ENTRANT);
        Entrant entrant = entrants.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        int threads = result.getParams().getThreads();
        List<Double> wall = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                // JMH's average is per thread: divided by the threads it is the time between two sets of any of them.
                wall.add(iteration.getPrimaryResult().getScore() / threads);
                Result<?> nanos = iteration.getSecondaryResults().get("cpuNanos");
                if (nanos != null) {
                    cpu.add(nanos.getScore() / iteration.getMetadata().getAllOps());
                }
            }
        }
        sink.accept(Figure.of(row, size, entrant, "wall", "ns", array(wall)));
        if (!cpu.isEmpty()) {
            sink.accept(Figure.of(row, size, entrant, "cpu", "ns", array(cpu)));
        }
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated != null) {
            sink.accept(Figure.of(row, size, entrant, "allocated", "B", allocated.getScore()));
        }
    }

    private static double[] array(Collection<Double> samples) {
        return samples.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
