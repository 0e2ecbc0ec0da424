package dev.eventvalues.verification.states;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slice of what {@code prove schedules} does. A failing schedule is replayed by {@code prove schedules --seed}. */
class SchedulesTest {
    @Test
    void noneBreaksTheProduct() {
        for (long seed = 1; seed <= 3_000; seed++) {
            assertThat(Schedule.run(Candidate.PRODUCT, seed).broken())
                    .as("seed %d", seed)
                    .isNull();
        }
    }

    @Test
    void mostBreakTheControl() {
        assertThat(LongStream.rangeClosed(1, 200)
                        .filter(seed -> isBroken(Classic.CONTROL, seed))
                        .count())
                .isGreaterThanOrEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aSingleFlawIsFound(Flaw flaw) {
        assertThat(LongStream.rangeClosed(1, 5_000).anyMatch(seed -> isBroken(flaw, seed)))
                .as("%s", flaw)
                .isTrue();
    }

    private static boolean isBroken(Candidate candidate, long seed) {
        return Schedule.run(candidate, seed).broken() != null;
    }

    @Test
    void areTheSameWhenReplayed() {
        assertThat(log(Candidate.PRODUCT, 7, new BitSet())).isEqualTo(log(Candidate.PRODUCT, 7, new BitSet()));
    }

    @Test
    void shrinkToWhatAFailureNeeds() {
        Schedule.Outcome outcome = Schedule.run(Flaw.KEEPS_WHAT_A_READING_LACKS, 7);
        BitSet left = Shrinking.of(Flaw.KEEPS_WHAT_A_READING_LACKS, 7, outcome);

        assertThat(left.cardinality()).isGreaterThan(outcome.steps() / 2);
        assertThat(Schedule.run(Flaw.KEEPS_WHAT_A_READING_LACKS, 7, left, null).broken().invariant)
                .isEqualTo(outcome.broken().invariant);
    }

    private static List<String> log(Candidate candidate, long seed, BitSet left) {
        List<String> log = new ArrayList<>();
        Schedule.run(candidate, seed, left, log);
        return log;
    }
}
