package dev.eventvalues.verification.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The table of which test kills which mutant. */
final class MutantsPage {
    private static final String HEAD = """
            # Which test notices which flaw

            Written by `./prove mutants`. Each row is a flaw that was put into a copy of the sources, in the way that
            `verification/mutants` has it word for word, and the test that noticed it first. The flaws M1 to M17 and E1 to E31
            are those that were found, by measurement or by reading, in the Go packages whose design this library takes over;
            *rule* and *trap* are what was learnt about etcd and the JVM.

            | flaw | mutant | what is wrong | killed by |
            |---|---|---|---|
            """;

    private MutantsPage() {}

    static void write(Path file, List<Verdict> verdicts) throws IOException {
        Files.writeString(file, page(verdicts));
    }

    static String page(List<Verdict> verdicts) {
        StringBuilder text = new StringBuilder(HEAD);
        for (Verdict verdict : verdicts) {
            Mutant mutant = verdict.mutant();
            text.append("| ")
                    .append(mutant.flaw())
                    .append(" | ")
                    .append(mutant.name())
                    .append(" | ")
                    .append(mutant.story().replace("|", "\\|"))
                    .append(" | ")
                    .append(verdict.isKilled() ? "`" + verdict.test() + "`" : "**" + verdict.outcome() + "**")
                    .append(" |\n");
        }
        return text.toString();
    }
}
