package dev.eventvalues.verification.mutants;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Servers;
import dev.eventvalues.verification.Sources;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tries mutants. What is kept of each is under its number in the catalogue. */
@Command(
        name = "mutants",
        description = "Put known flaws into copies of the sources, one at a time: a test must notice each.")
@SuppressWarnings("unused") // picocli sets the fields
public final class MutantsCommand implements Callable<Integer> {
    /** What else decides whether a mutant is killed. */
    private static final List<String> TESTS = List.of("core/src/test", "etcd/src/test", "verification/mutants");

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only these, and keep nothing. Default: all.")
    private List<String> names = List.of();

    @Mixin
    private Servers servers = new Servers();

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path root = Sources.root();
        Catalogue catalogue = Catalogue.read(root.resolve("verification/mutants"));
        Ledger ledger = Ledger.open(Kind.MUTANTS);
        Subject subject = Kind.MUTANTS.subject("flaws put into the sources, noticed by tests " + Sources.of(TESTS));
        boolean keep = amount.keeps() && names.isEmpty();
        List<Mutant> wanted = catalogue.named(names);
        if (keep) {
            long first = ledger.next(subject);
            wanted = wanted.subList((int) Math.min(first - 1, wanted.size()), wanted.size());
        }
        if (wanted.isEmpty()) {
            System.out.println("all have been tried on these sources and tests; --keep=false tries them again");
            return 0;
        }
        List<Verdict> verdicts = tryOut(root, wanted, keep ? ledger : null, subject);
        if (verdicts.size() == catalogue.mutants().size()) {
            MutantsPage.write(root.resolve("docs/mutants.md"), verdicts);
        }
        long alive = verdicts.stream().filter(verdict -> !verdict.isKilled()).count();
        System.out.printf("%d mutants, %d not killed%n", verdicts.size(), alive);
        return alive == 0 ? 0 : 1;
    }

    private List<Verdict> tryOut(Path root, List<Mutant> wanted, @Nullable Ledger ledger, Subject subject)
            throws IOException, InterruptedException {
        Workshop workshop = new Workshop(
                root,
                root.resolve(
                        "verification/target/mutants-" + ProcessHandle.current().pid()),
                servers);
        workshop.compileTests();
        TreeSet<String> tests = new TreeSet<>();
        wanted.forEach(mutant -> tests.addAll(mutant.tests()));
        String failure = workshop.failureWithoutMutant(tests);
        if (failure != null) {
            throw new IllegalStateException("this test fails without any mutant: " + failure);
        }
        List<Verdict> verdicts = new ArrayList<>();
        BooleanSupplier time = amount.clock();
        long count = Math.min(amount.count(Long.MAX_VALUE), wanted.size());
        for (int i = 0; i < count && time.getAsBoolean(); i++) {
            Verdict verdict = workshop.tryOut(wanted.get(i));
            verdicts.add(verdict);
            System.out.printf(
                    "%d/%d %s (%s): %s%n",
                    i + 1, count, verdict.mutant().name(), verdict.mutant().flaw(), verdict);
            if (ledger != null) {
                ledger.add(evidence(verdict, subject, ledger.next(subject)));
            }
        }
        workshop.close();
        return verdicts;
    }

    private static Evidence evidence(Verdict verdict, Subject subject, long number) {
        boolean killed = verdict.isKilled();
        return new Evidence(
                subject,
                number,
                1,
                LocalDate.now(ZoneOffset.UTC).toString(),
                new TreeMap<>(killed ? Map.of("killed", 1L) : Map.of("killed", 0L)),
                killed ? List.of() : List.of(verdict.mutant().name() + ": " + verdict));
    }
}
