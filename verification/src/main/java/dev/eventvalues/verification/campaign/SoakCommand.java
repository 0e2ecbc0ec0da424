package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Servers;
import dev.eventvalues.verification.Sources;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Soaks a process full of watchers in faults. */
@Command(
        name = "soak",
        description =
                "Have watchers watch for long with little memory, while a cluster fails again and again: nothing may grow.")
@SuppressWarnings("unused") // picocli uses the fields
public final class SoakCommand implements Callable<Integer> {
    private static final double USUAL_MINUTES = 30;

    @Mixin
    private Servers servers = new Servers();

    @Option(
            names = "--every",
            paramLabel = "S",
            defaultValue = "30",
            description = "How many seconds there are from one fault to the next (default: 30).")
    private int every = 30;

    @Option(
            names = "--leak",
            paramLabel = "WHAT",
            defaultValue = "nothing",
            description = "Leave something behind on purpose: ${COMPLETION-CANDIDATES}. It must be found.")
    private Leak leak = Leak.nothing;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Repeat this soak, and say what the watchers' process says. Keeps nothing.")
    private @Nullable Long seed;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        EtcdRelease release = servers.release();
        Subject subject =
                Kind.SOAK.subject(leak == Leak.nothing ? "soak" : "soak that leaks " + leak, servers.version());
        Ledger ledger = Ledger.open(Kind.SOAK);
        Long one = seed;
        long tried = one != null ? one : ledger.next(subject);
        System.out.printf("seed %d, a fault every %d s, leaking %s%n", tried, every, leak);
        if (!Disks.arePossible()) {
            System.out.println("Not run, as it needs root: " + Fault.DISK_FULL);
        }
        Duration length = Duration.ofMillis((long) (amount.minutes(USUAL_MINUTES) * 60_000));
        Redirect log = one != null ? Redirect.INHERIT : Redirect.DISCARD;
        SoakOutcome outcome;
        try (Soak soak = new Soak(tried, release, Duration.ofSeconds(every), leak, log)) {
            outcome = soak.run(length);
        }
        outcome.figures().forEach((name, figure) -> System.out.println(name + ": " + figure));
        System.out.println(outcome.tally());
        List<String> findings = outcome.findings();
        findings.forEach(System.out::println);
        if (one == null && amount.keeps()) {
            keep(ledger, subject, outcome);
        }
        if (leak != Leak.nothing) {
            System.out.println(
                    findings.isEmpty() ? "The leak was not found: nothing is proved." : "The leak was found.");
            return findings.isEmpty() ? 1 : 0;
        }
        return findings.isEmpty() ? 0 : 1;
    }

    private void keep(Ledger ledger, Subject subject, SoakOutcome outcome) throws IOException {
        SortedMap<String, Long> tally = new TreeMap<>(outcome.tally());
        List<String> findings = outcome.findings();
        if (leak != Leak.nothing) {
            tally = new TreeMap<>(Map.of("found, as they should", findings.isEmpty() ? 0L : 1L));
            findings = List.of();
        }
        if (leak == Leak.nothing) {
            Path samples = Sources.root()
                    .resolve("verification/results/soak")
                    .resolve(String.join(
                            "-", subject.source(), subject.java(), subject.etcd(), outcome.seed() + ".csv"));
            Files.createDirectories(samples.getParent());
            Files.write(samples, outcome.table());
        }
        ledger.add(new Evidence(
                subject,
                outcome.seed(),
                1,
                LocalDate.now(ZoneOffset.UTC).toString(),
                tally,
                findings,
                outcome.figures().isEmpty() ? List.of() : List.of(outcome.figures())));
    }
}
