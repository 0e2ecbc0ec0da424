package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a run of the campaign proves something, and when it only looks so. */
final class ScoreTest {
    private final Score product = new Score(false);
    private final Score control = new Score(true);

    @Test
    void schedulesThatBreakNothingAreAProof() {
        add(product, 30, held(200));

        assertThat(product.objections()).isEmpty();
        assertThat(product).hasToString("30 schedules, 0 broke an invariant");
    }

    @Test
    void oneThatBreaksAnInvariantIsTooMany() {
        add(product, 29, held(200));
        add(product, 1, broken());

        assertThat(product.objections()).singleElement().asString().contains("--seed");
    }

    @Test
    void aScheduleThatCouldNotBeCarriedOutCountsForNothing() {
        add(product, 10, held(200));
        add(product, 1, left());

        assertThat(product.tried()).isEqualTo(10);
        assertThat(product.convergedWithin(1)).as("the fastest").isEqualTo(200);
        assertThat(product.objections()).as("one for ten is borne").isEmpty();
    }

    @Test
    void tooManyThatCouldNotBeCarriedOutAreNoProof() {
        add(product, 19, held(200));
        add(product, 2, left());

        assertThat(product.objections())
                .containsExactly("2 schedules could not be carried out, 19 were: too few to prove anything.");
    }

    @Test
    void noneCarriedOutIsNoProof() {
        add(product, 1, left());
        add(control, 1, left());

        assertThat(product.objections()).isNotEmpty();
        assertThat(control.objections()).isNotEmpty();
    }

    @Test
    void theControlMustFailHalfOfItsSchedules() {
        add(control, 10, broken());
        add(control, 10, held(200));
        assertThat(control.objections()).isEmpty();

        add(control, 1, held(200));
        assertThat(control.objections()).singleElement().asString().contains("at least half");
    }

    @Test
    void ninetyNineOfAHundredMustConvergeInTime() {
        add(product, 99, held(200));
        add(product, 1, held(9_000));
        assertThat(product.objections()).as("1 of 100").isEmpty();

        add(product, 2, held(9_000));
        assertThat(product.objections()).containsExactly("99 of 100 must converge within 3000 ms.");
        assertThat(product.convergedWithin(50)).isEqualTo(200);
    }

    private static void add(Score score, int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            score.add(outcome);
        }
    }

    private static Outcome held(long convergedMillis) {
        return new Outcome(1, List.of(), new TreeMap<>(), convergedMillis, "");
    }

    private static Outcome broken() {
        return new Outcome(1, List.of(new Invariants.Breach("order", "2 after 3")), new TreeMap<>(), 200, "");
    }

    private static Outcome left() {
        return Outcome.notCarriedOut(Plan.of(1));
    }
}
