package dev.eventvalues.verification.states;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slice of what {@code prove sequences} does: it is all of the shorter ones. */
class SequencesTest {
    @Test
    void ofFourEventsNeverBreakTheProduct() {
        long sequences = 0;
        for (long seed = 1; seed <= Sequences.SEEDS; seed++) {
            Sequences.Outcome outcome = Sequences.run(Candidate.PRODUCT, seed, 4);
            assertThat(outcome.broken()).as("seed %d", seed).isNull();
            sequences += outcome.sequences();
        }
        assertThat(sequences).isGreaterThan(50_000);
    }

    @Test
    void ofFourEventsBreakTheControl() {
        assertThat(isFound(Classic.CONTROL)).isTrue();
    }

    /** The others need several members, other stores, or time. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "TAKES_EVERY_STORE_FOR_THE_SAME",
                "TAKES_A_STORE_THAT_HAS_COME_AS_FAR_FOR_THE_SAME",
                "COUNTS_PROOFS_FROM_THEIR_ARRIVAL"
            })
    void ofFourEventsFindASingleFlaw(Flaw flaw) {
        assertThat(isFound(flaw)).isTrue();
    }

    private static boolean isFound(Candidate candidate) {
        return LongStream.rangeClosed(1, Sequences.SEEDS)
                .anyMatch(seed -> Sequences.run(candidate, seed, 4).broken() != null);
    }
}
