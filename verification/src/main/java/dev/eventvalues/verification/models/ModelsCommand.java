package dev.eventvalues.verification.models;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Model checking: programs of a few threads in thousands of interleavings each. */
@Command(
        name = "models",
        description = "Try programs of a few threads in thousands of interleavings each, with Lincheck.",
        footer = "With --count, so many scenarios of each specification; even numbers let a park end for no reason.")
@SuppressWarnings("unused") // picocli uses the fields
public final class ModelsCommand implements Callable<Integer> {
    /** How many scenarios of one specification before the next one has its turn. */
    private static final int CHUNK = 10;

    private static final int FOR_A_FLAW = 40;

    /** What came of one scenario. */
    private record Tried(long seed, long interleavings, String scenario, String failure) {
        static Tried parse(String line) {
            String[] fields = line.split("\t", -1);
            return new Tried(Long.parseLong(fields[0]), Long.parseLong(fields[1]), text(fields[2]), text(fields[3]));
        }

        String replay(String name) {
            return "./prove models " + name + " --seed " + seed + ": " + scenario;
        }

        private static String text(String encoded) {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        }
    }

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which specifications (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--interleavings",
            paramLabel = "N",
            defaultValue = "5000",
            description = "How many of each scenario at most (default: ${DEFAULT-VALUE}).")
    private int interleavings;

    @Option(names = "--seed", paramLabel = "S", description = "Try this scenario of each, show it, and keep nothing.")
    private @Nullable Long seed;

    @Option(names = "--flaws", description = "Whether mistakes made on purpose are found; keeps nothing.")
    private boolean flaws;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (flaws) {
            return findFlaws();
        }
        Map<String, String> sentences = sentences();
        names.forEach(name -> {
            if (!sentences.containsKey(name)) {
                throw new IllegalArgumentException("no specification " + name + "; there are " + sentences.keySet());
            }
        });
        if (!names.isEmpty()) {
            sentences.keySet().retainAll(names);
        }
        return seed != null ? replay(sentences, seed) : collect(sentences);
    }

    /** What is left to be tried of a specification. */
    private record Turn(String name, String sentence, long left, int findings) {}

    private int collect(Map<String, String> sentences) throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(Kind.MODELS);
        BooleanSupplier time = amount.clock();
        // the model checker runs one thread at a time, so as many of it as there are processors
        ExecutorService lanes =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        CompletionService<Turn> turns = new ExecutorCompletionService<>(lanes);
        sentences.forEach((name, sentence) ->
                turns.submit(() -> taken(new Turn(name, sentence, amount.count(1), 0), ledger, time)));
        int findings = 0;
        int running = sentences.size();
        try {
            while (running > 0) {
                Turn turn = turns.take().get();
                findings += turn.findings;
                if (turn.left > 0 && time.getAsBoolean()) {
                    turns.submit(() -> taken(turn, ledger, time)); // behind the others, of which some take much longer
                } else {
                    running--;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the model checker has broken down", e.getCause());
        } finally {
            lanes.shutdownNow();
        }
        return findings == 0 ? 0 : 1;
    }

    private Turn taken(Turn turn, Ledger ledger, BooleanSupplier time) throws IOException, InterruptedException {
        long chunk = Math.min(turn.left, CHUNK);
        int findings = time.getAsBoolean() ? collect(turn.name, turn.sentence, chunk, ledger, time) : 0;
        return new Turn(turn.name, turn.sentence, turn.left - chunk, findings);
    }

    private int collect(String name, String sentence, long count, Ledger ledger, BooleanSupplier time)
            throws IOException, InterruptedException {
        Subject subject = Kind.MODELS.subject(
                sentence + String.format(Locale.ROOT, ", up to %,d interleavings each", interleavings));
        List<Tried> all = new ArrayList<>();
        scenarios(null, name, ledger.next(subject), count, tried -> {
            all.add(tried);
            if (amount.keeps()) {
                ledger.add(evidence(subject, name, tried));
            }
            return time.getAsBoolean();
        });
        List<Tried> failed =
                all.stream().filter(tried -> !tried.failure().isEmpty()).toList();
        System.out.printf(
                "%s: %,d scenarios, %,d interleavings, findings: %d%n",
                name, all.size(), all.stream().mapToLong(Tried::interleavings).sum(), failed.size());
        failed.forEach(tried -> System.out.println("  " + tried.replay(name) + "\n" + tried.failure()));
        return failed.size();
    }

    private static Evidence evidence(Subject subject, String name, Tried tried) {
        List<String> findings = tried.failure().isEmpty() ? List.of() : List.of(tried.replay(name));
        return new Evidence(
                subject,
                tried.seed(),
                1,
                LocalDate.now(ZoneOffset.UTC).toString(),
                new TreeMap<>(Map.of("interleavings", tried.interleavings())),
                findings);
    }

    private int replay(Map<String, String> sentences, long number) throws IOException, InterruptedException {
        int[] findings = {0};
        for (String name : sentences.keySet()) {
            scenarios(null, name, number, 1, tried -> {
                System.out.printf(
                        "%s, scenario %d: %s%n%,d interleavings%n%s%n",
                        name,
                        number,
                        tried.scenario(),
                        tried.interleavings(),
                        tried.failure().isEmpty() ? "Nothing is wrong." : tried.failure());
                findings[0] += tried.failure().isEmpty() ? 0 : 1;
                return true;
            });
        }
        return findings[0] == 0 ? 0 : 1;
    }

    private int findFlaws() throws IOException, InterruptedException {
        int missed = 0;
        for (Flaw flaw : Flaws.MODELS) {
            if (!names.isEmpty() && !names.contains(flaw.finder())) {
                continue;
            }
            List<Tried> all = new ArrayList<>();
            scenarios(flaw.compile(), flaw.finder(), 1, FOR_A_FLAW, tried -> {
                all.add(tried);
                return tried.failure().isEmpty();
            });
            Tried last = all.get(all.size() - 1);
            boolean found = !last.failure().isEmpty();
            System.out.printf(
                    "%s: %s by \"%s\", scenario %d, after %,d interleavings%n",
                    flaw.name(),
                    found ? "found" : "NOT FOUND",
                    flaw.finder(),
                    last.seed(),
                    all.stream().mapToLong(Tried::interleavings).sum());
            missed += found ? 0 : 1;
        }
        return missed == 0 ? 0 : 1;
    }

    /** Gets what came of each scenario; false if that is enough. */
    private interface Sink {
        boolean goesOn(Tried tried) throws IOException;
    }

    private void scenarios(@Nullable Path flawed, String name, long first, long count, Sink sink)
            throws IOException, InterruptedException {
        Process process = Program.LINCHECK.start(
                flawed,
                name,
                List.of(name, String.valueOf(first), String.valueOf(count), String.valueOf(interleavings)));
        boolean enough = false;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && !enough; line = lines.readLine()) {
                enough = !sink.goesOn(Tried.parse(line));
            }
        } finally {
            process.destroyForcibly();
        }
        int status = process.waitFor();
        if (!enough && status != 0) {
            throw new IllegalStateException(
                    "the model checker ended with " + status + ": see " + Program.LINCHECK.log(name));
        }
    }

    private static Map<String, String> sentences() throws IOException {
        Map<String, String> sentences = new LinkedHashMap<>();
        try (BufferedReader lines =
                Program.LINCHECK.start(null, "names", List.of()).inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t", -1);
                sentences.put(fields[0], fields[1]);
            }
        }
        return sentences;
    }
}
