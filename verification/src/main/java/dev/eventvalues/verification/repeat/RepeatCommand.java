package dev.eventvalues.verification.repeat;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Servers;
import dev.eventvalues.verification.Sources;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs the project's tests again and again. */
@Command(name = "repeat", description = "Run the tests again and again: none may ever fail.")
@SuppressWarnings("unused") // picocli uses the fields
public final class RepeatCommand implements Callable<Integer> {
    private static final List<String> MODULES = List.of("core", "testkit", "etcd");

    /** Which tests. */
    @SuppressWarnings("ImmutableEnumChecker") // the list is a copy
    enum Suite {
        /** Without servers. */
        unit("surefire-reports", "test"),

        /** Those that start clusters. */
        cluster("failsafe-reports", "verify", "-Dtest=NONE", "-Dsurefire.failIfNoSpecifiedTests=false");

        final String folder;
        final List<String> goals;

        Suite(String folder, String... goals) {
            this.folder = folder;
            this.goals = List.of(goals);
        }
    }

    @Parameters(paramLabel = "SUITE", description = "unit or cluster.")
    private Suite suite = Suite.unit;

    @Mixin
    private Servers servers = new Servers();

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(Kind.REPEAT);
        Subject subject = subject();
        BooleanSupplier time = amount.clock();
        long wanted = amount.count(1);
        int failures = 0;
        for (long done = 0; done < wanted && time.getAsBoolean(); done++) {
            TestReports round = round();
            failures += round.failed().size();
            System.out.printf("round %d: %d tests, failed: %s%n", done + 1, round.tests(), round.failed());
            if (!round.failed().isEmpty()) {
                Path kept = Files.createTempFile(log().getParent(), "repeat-", ".log"); // no later run writes over it
                Files.move(log(), kept, StandardCopyOption.REPLACE_EXISTING);
                System.out.println("what they said: " + kept);
            }
            if (amount.keeps()) {
                ledger.add(new Evidence(
                        subject,
                        ledger.next(subject),
                        1,
                        LocalDate.now(ZoneOffset.UTC).toString(),
                        new TreeMap<>(Map.of("tests", round.tests())),
                        round.failed()));
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private Subject subject() {
        return suite == Suite.unit
                ? Kind.REPEAT.subject("all unit tests of core, testkit and etcd")
                : Kind.REPEAT.subject("all tests with clusters of testkit and etcd", servers.version());
    }

    private TestReports round() throws IOException, InterruptedException {
        Path root = Sources.root();
        List<Path> folders = MODULES.stream()
                .map(module -> root.resolve(module).resolve("target").resolve(suite.folder))
                .toList();
        TestReports.clear(folders);
        List<String> command = new ArrayList<>(List.of("./mvnw", "-B", "-q", "-pl", String.join(",", MODULES)));
        command.addAll(suite.goals);
        command.addAll(List.of(servers.property(), "-Dspotless.check.skip", "-Dmaven.test.failure.ignore"));
        Path log = log();
        Files.createDirectories(log.getParent());
        int status = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        TestReports reports = TestReports.read(folders);
        if (status != 0 || reports.tests() == 0) {
            throw new IllegalStateException("the tests did not run to their end: " + end(log));
        }
        return reports;
    }

    private static Path log() {
        return Sources.root().resolve("target").resolve("repeat.log");
    }

    private static String end(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
        }
    }
}
