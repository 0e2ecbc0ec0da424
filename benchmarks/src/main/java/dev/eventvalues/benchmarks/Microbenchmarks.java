package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
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

/** A row that JMH measures: short work of threads that never wait. */
final class Microbenchmarks implements RowRun {
    private static final String ENTRANT = "entrant";

    /** What a JVM needs to start, and to open 100,000 readers where each walks all before it. */
    private static final int START_SECONDS = 60;

    private final String row;
    private final Class<?> benchmark;
    private final Scale scale;
    private final List<Size> sizes;

    /** Who takes part at a size; {@code sizing} makes the benchmark one of that size. */
    private record Size(int size, List<? extends Entrant> entrants, Consumer<ChainedOptionsBuilder> sizing) {}

    private Microbenchmarks(String row, Class<?> benchmark, Scale scale, List<Size> sizes) {
        this.row = row;
        this.benchmark = benchmark;
        this.scale = scale;
        this.sizes = sizes;
    }

    /** All of them. */
    static List<RowRun> rows(Scale scale) {
        return List.of(
                new Microbenchmarks(
                        "set",
                        SetBenchmark.class,
                        scale,
                        sizes(scale.watchers, Contender::setting, watchers -> param("watchers", watchers))),
                new Microbenchmarks(
                        "ready",
                        ReadyBenchmark.class,
                        scale,
                        sizes(List.of(0), one -> Contender.reading(), one -> options -> {})),
                new Microbenchmarks(
                        "views",
                        ViewsBenchmark.class,
                        scale,
                        sizes(List.of(1, 5), depth -> List.of(Chain.values()), depth -> param("depth", depth))),
                new Microbenchmarks(
                        "watch",
                        WatchBenchmark.class,
                        scale,
                        sizes(scale.others(), others -> Contender.opening(), others -> param("others", others))),
                new Microbenchmarks(
                        "producers",
                        ProducersBenchmark.class,
                        scale,
                        sizes(
                                List.of(2, 4),
                                producers -> Contender.producing(),
                                producers -> options -> options.threads(producers))));
    }

    private static List<Size> sizes(
            List<Integer> sizes,
            IntFunction<List<? extends Entrant>> entrants,
            IntFunction<Consumer<ChainedOptionsBuilder>> sizing) {
        return sizes.stream()
                .map(size -> new Size(size, entrants.apply(size), sizing.apply(size)))
                .toList();
    }

    private static Consumer<ChainedOptionsBuilder> param(String name, int value) {
        return options -> options.param(name, Integer.toString(value));
    }

    @Override
    public String row() {
        return row;
    }

    @Override
    public int steps() {
        return sizes.stream().mapToInt(size -> size.entrants.size()).sum();
    }

    @Override
    public void measure(Progress progress, Consumer<Figure> sink) {
        for (Size size : sizes) {
            for (Entrant entrant : size.entrants) {
                String what = String.format(Locale.ROOT, "%s %,d", row, size.size);
                progress.step(entrant.title() + ": " + what);
                try {
                    report(size.size, entrant, run(size, entrant, entrant.title() + ": " + what), sink);
                } catch (Unfinished e) {
                    progress.unfinished(e.why());
                }
            }
        }
    }

    private RunResult run(Size size, Entrant entrant, String what) throws Unfinished {
        TimeValue time = TimeValue.milliseconds(scale.iterationMillis);
        int warmUps = Math.min(3, scale.iterations);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmark.getSimpleName() + "\\.")
                .param(ENTRANT, entrant.name())
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(scale.forks)
                .jvmArgsAppend("-Xmx2g", "-XX:+UseSerialGC") // no GC threads beside the measured one
                .warmupIterations(warmUps)
                .warmupTime(time)
                .measurementIterations(scale.iterations)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        size.sizing.accept(options);
        int measuring = (warmUps + scale.iterations) * scale.iterationMillis / 1_000;
        Set<ProcessHandle> others = children();
        try (TimeLimit limit = new TimeLimit(
                Math.max(1, scale.forks) * (START_SECONDS + measuring),
                () -> children().stream()
                        .filter(child -> !others.contains(child))
                        .forEach(ProcessHandle::destroyForcibly))) {
            try {
                return new Runner(options.build()).runSingle();
            } catch (RunnerException e) {
                throw limit.unfinished(what, e.toString());
            }
        }
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    private void report(int size, Entrant entrant, RunResult result, Consumer<Figure> sink) {
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
