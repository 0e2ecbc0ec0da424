package dev.eventvalues.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MutantsPageTest {
    private final Mutant mutant =
            new Mutant("a-name", "E1", "What is wrong.", "core/A.java", List.of(), List.of("ATest"));

    @Test
    void namesTheTestThatHasNoticed() {
        Verdict killed =
                new Verdict(mutant, Verdict.Outcome.KILLED, "etcd.ATest$Nested#aSentence: expected: 1\n but: 2");
        assertThat(MutantsPage.page(List.of(killed)))
                .endsWith("| E1 | a-name | What is wrong. | `etcd.ATest$Nested#aSentence` |\n");
    }

    @Test
    void saysWhichWasNotNoticed() {
        Verdict survived = new Verdict(mutant, Verdict.Outcome.SURVIVED, "");
        assertThat(MutantsPage.page(List.of(survived))).endsWith("| **SURVIVED** |\n");
    }
}
