package dev.eventvalues.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final List<String> LINES = List.of(
            "A comment.",
            "",
            "mutant: close-wakes-nobody",
            "flaw: M7",
            "story: Nobody is woken.",
            "file: core/src/A.java",
            "tests: ATest#isWoken, BTest",
            "was:",
            "    wake();",
            "becomes:",
            "end",
            "was:",
            "    one",
            "becomes:",
            "    two",
            "    three",
            "end",
            "",
            "mutant: another",
            "flaw: E1",
            "story: Another.",
            "file: etcd/src/B.java",
            "tests: CTest",
            "was:",
            "x",
            "becomes:",
            "y",
            "end");

    @Test
    void isReadFromLines() {
        List<Mutant> mutants = Catalogue.parse(LINES);
        assertThat(mutants).extracting(Mutant::name).containsExactly("close-wakes-nobody", "another");
        Mutant first = mutants.get(0);
        assertThat(first.module()).isEqualTo("core");
        assertThat(first.tests()).containsExactly("ATest#isWoken", "BTest");
        assertThat(first.edits())
                .containsExactly(new Mutant.Edit("    wake();", ""), new Mutant.Edit("    one", "    two\n    three"));
    }

    @Test
    void aMutantReplacesEachOfItsTexts() {
        Mutant mutant = Catalogue.parse(LINES).get(0);
        assertThat(mutant.applied("{\n    wake();\n    one\n}\n")).isEqualTo("{\n\n    two\n    three\n}\n");
    }

    @Test
    void aMutantWhoseTextIsNotThereOrNotTheOnlyOneIsRefused() {
        Mutant mutant = Catalogue.parse(LINES).get(1);
        assertThatThrownBy(() -> mutant.applied("z\n"))
                .hasMessageContaining("another")
                .hasMessageContaining("is not in");
        assertThatThrownBy(() -> mutant.applied("x\nx\n")).hasMessageContaining("more than once");
    }

    @Test
    void aFieldThatIsMissingIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Catalogue.parse(List.of("mutant: a", "story: b")))
                .withMessageContaining("flaw");
    }

    /** So that whoever changes a source finds out here that a mutant of it has to be changed along with it. */
    @Test
    void everyMutantAppliesToTheSourcesAsTheyAre() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        Catalogue catalogue = Catalogue.read(root.resolve("verification/mutants"));
        assertThat(catalogue.mutants()).hasSizeGreaterThan(40);
        for (Mutant mutant : catalogue.mutants()) {
            String source = Files.readString(root.resolve(mutant.file()));
            assertThat(mutant.applied(source)).as(mutant.name()).isNotEqualTo(source);
        }
    }
}
