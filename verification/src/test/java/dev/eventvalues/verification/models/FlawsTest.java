package dev.eventvalues.verification.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mistakes that the model checker and the races must find are still mistakes in the product as it is. */
class FlawsTest {
    static Stream<Flaw> all() {
        return Stream.concat(Flaws.MODELS.stream(), Flaws.RACES.stream());
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFlawChangesTheTextThatItNames(Flaw flaw) throws IOException {
        assertThat(flaw.changed()).contains(flaw.wrong());
    }
}
