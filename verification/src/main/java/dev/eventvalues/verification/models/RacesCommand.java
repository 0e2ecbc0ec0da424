package dev.eventvalues.verification.models;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Races of two threads on the real memory. */
@Command(
        name = "races",
        description = "Race two threads against each other, on the real memory, with jcstress.",
        footer = "With --count, so many rounds; in a round each race runs in JVMs that interpret, compile a little, and"
                + " compile all. Numbers are rounds: chance, so there is no seed to replay.")
@SuppressWarnings("unused") // picocli uses the fields
public final class RacesCommand implements Callable<Integer> {
    /** What came of one round of one race. */
    private record Tried(String name, long samples, String wrong) {}

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Which races, by any part of their names (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "5000",
            description = "How long in each JVM (default: ${DEFAULT-VALUE}).")
    private int millis;

    @Option(names = "--flaws", description = "Whether mistakes made on purpose are found; keeps nothing.")
    private boolean flaws;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return flaws ? findFlaws() : collect();
    }

    private int collect() throws IOException, InterruptedException {
        List<String> races = races();
        Ledger ledger = Ledger.open(Kind.RACES);
        BooleanSupplier time = amount.clock();
        int findings = 0;
        long samples = 0;
        for (long left = amount.count(1); left > 0 && time.getAsBoolean(); left--) {
            for (String race : races) {
                if (time.getAsBoolean()) {
                    Tried tried = run(null, race);
                    samples += tried.samples();
                    findings += tried.wrong().isEmpty() ? 0 : 1;
                    System.out.printf(
                            "%s: %,d samples %s(%,d of all races, findings: %d)%n",
                            race, tried.samples(), tried.wrong(), samples, findings);
                    if (amount.keeps()) {
                        ledger.add(evidence(Kind.RACES.subject(race), ledger, tried));
                    }
                }
            }
        }
        return findings == 0 ? 0 : 1;
    }

    private static Evidence evidence(Subject subject, Ledger ledger, Tried tried) {
        return new Evidence(
                subject,
                ledger.next(subject),
                1,
                LocalDate.now(ZoneOffset.UTC).toString(),
                new TreeMap<>(Map.of("samples", tried.samples())),
                tried.wrong().isEmpty() ? List.of() : List.of(tried.name() + ": " + tried.wrong()));
    }

    private int findFlaws() throws IOException, InterruptedException {
        int missed = 0;
        for (Flaw flaw : Flaws.RACES) {
            if (names.isEmpty() || names.stream().anyMatch(flaw.finder()::contains)) {
                Tried tried = run(flaw.compile(), flaw.finder());
                boolean found = !tried.wrong().isEmpty();
                System.out.printf(
                        "%s: %s by %s in %,d samples %s%n",
                        flaw.name(), found ? "found" : "NOT FOUND", flaw.finder(), tried.samples(), tried.wrong());
                missed += found ? 0 : 1;
            }
        }
        return missed == 0 ? 0 : 1;
    }

    private Tried run(@Nullable Path flawed, String race) throws IOException, InterruptedException {
        Path directory = Program.JCSTRESS.folder().resolve("target/races");
        Process process = Program.JCSTRESS.start(
                flawed,
                race,
                List.of(
                        directory.toString(),
                        race.replace(".", "\\.") + "$",
                        "-f",
                        "1",
                        "-fsm",
                        "1",
                        "-sc",
                        "false",
                        "-iters",
                        "1",
                        "-time",
                        String.valueOf(millis)));
        String said;
        try {
            said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
        int status = process.waitFor();
        Path results = directory.resolve("races.txt");
        if (status != 0 || !Files.exists(results)) {
            throw new IllegalStateException(
                    "jcstress ended with " + status + ": see " + Program.JCSTRESS.log(race) + said);
        }
        String[] fields = Files.readString(results).strip().split("\t", -1);
        if (fields.length < 2) {
            throw new IllegalStateException("jcstress did not run " + race + ": " + said);
        }
        return new Tried(race, Long.parseLong(fields[1]), fields.length < 3 ? "" : fields[2]);
    }

    /** The names, without the packages. */
    private List<String> races() throws IOException {
        List<String> races = new ArrayList<>();
        try (BufferedReader lines =
                Program.JCSTRESS.start(null, "names", List.of()).inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\\.", -1);
                if (parts.length > 2) {
                    String race = parts[parts.length - 2] + "." + parts[parts.length - 1];
                    if (line.startsWith("dev.eventvalues.")
                            && (names.isEmpty() || names.stream().anyMatch(race::contains))) {
                        races.add(race);
                    }
                }
            }
        }
        if (races.isEmpty()) {
            throw new IllegalArgumentException("no race is named like " + names);
        }
        return races;
    }
}
