package dev.eventvalues.verification.fuzzing;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Sources;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fuzzes each target in turn, in a JVM of its own. What it has learnt stays in {@code verification/fuzz/.cifuzz-corpus}. */
@Command(
        name = "fuzz",
        description = "Give bytes that nobody would send to what reads them, guided by which code they reach.",
        footer = {
            "",
            "--count is how many inputs each target gets, --minutes what all targets get together (default: 5).",
            "Inputs have no numbers: an input that is a finding is written to a file, which is named."
        })
@SuppressWarnings("unused") // picocli sets the fields
public final class FuzzCommand implements Callable<Integer> {
    private static final List<String> TARGETS = List.of(
            "dev.eventvalues.etcd.wire.AnswersFuzzTest#noAnswerBreaksAFeed",
            "dev.eventvalues.etcd.wire.AnswersFuzzTest#noTextOfACancelledWatchBreaksItsReading",
            "dev.eventvalues.etcd.wire.FilesFuzzTest#anyBytesAsPem",
            "dev.eventvalues.etcd.wire.FilesFuzzTest#anyBytesInAPemBlock",
            "dev.eventvalues.etcd.wire.FilesFuzzTest#anyBytesAsPkcs12",
            "dev.eventvalues.etcd.wire.FilesFuzzTest#anyTextAsAnEndpoint",
            "dev.eventvalues.etcd.state.TreeFuzzTest#aTreeHoldsWhatAMapHolds",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#anyBytesAsAKey",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#anyTextAsAKey",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#anyTwoKeysAsARange",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#anyBytesAsAText",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#anySettings",
            "dev.eventvalues.etcd.EntryPointsFuzzTest#aPartOfASnapshotIsThatOfAMap");

    /** The first has by far the most to explore. */
    private static final int SHARE_OF_THE_FIRST = 8;

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "Only those whose names have this in them. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--seconds", paramLabel = "S", description = "What each target gets, in place of --minutes.")
    private int seconds;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(Kind.FUZZ);
        List<String> targets = TARGETS.stream()
                .filter(target -> names.isEmpty() || names.stream().anyMatch(target::contains))
                .toList();
        long executions = amount.count(0);
        boolean unlimited = executions == 0 || executions == Long.MAX_VALUE;
        long all = unlimited ? Math.max(1, (long) (amount.minutes(5) * 60)) : 24 * 3600;
        int shares = targets.size() - 1 + SHARE_OF_THE_FIRST;
        int findings = 0;
        for (String target : targets) {
            long share = targets.indexOf(target) == 0 ? SHARE_OF_THE_FIRST : 1;
            long time = seconds > 0 ? seconds : Math.max(5, all * share / shares);
            FuzzLog log = run(target, time, unlimited ? 0 : executions);
            System.out.printf(
                    "%s: %,d inputs%s%n",
                    target.replaceFirst(".*\\.", ""),
                    log.executions(),
                    log.finding().isEmpty() ? "" : ", FOUND " + log.finding());
            findings += log.finding().isEmpty() ? 0 : 1;
            if (amount.keeps() && log.executions() > 0) {
                keep(ledger, Kind.FUZZ.subject("fuzzing " + target.replaceFirst(".*\\.", "")), log);
            }
        }
        return findings == 0 ? 0 : 1;
    }

    private static void keep(Ledger ledger, Subject subject, FuzzLog log) throws IOException {
        ledger.add(new Evidence(
                subject,
                ledger.next(subject),
                log.executions(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                new TreeMap<>(),
                log.finding().isEmpty() ? List.of() : List.of(log.finding())));
    }

    private static FuzzLog run(String target, long seconds, long executions) throws IOException, InterruptedException {
        Path fuzz = Sources.root().resolve("verification/fuzz").toAbsolutePath();
        Path jar = fuzz.resolve("target/event-values-verification-fuzz.jar");
        String[] names = target.split("#", -1);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading", // the fuzzer's
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                jar + ":" + fuzz.resolve("target/lib") + "/*",
                "dev.eventvalues.verification.fuzz.FuzzRun",
                names[0],
                names[1],
                String.valueOf(seconds),
                String.valueOf(executions)));
        Path log = Files.createDirectories(fuzz.resolve("target")).resolve(names[1] + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(fuzz.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAZZER_FUZZ", "1");
        int status = builder.start().waitFor();
        FuzzLog outcome = FuzzLog.read(Files.readAllLines(log));
        if (status == 0 || !outcome.finding().isEmpty()) {
            return outcome;
        }
        if (outcome.executions() == 0) {
            throw new IllegalStateException(target + " did not start; see " + log);
        }
        return new FuzzLog(outcome.executions(), "it ended with " + status + "; see " + log);
    }
}
