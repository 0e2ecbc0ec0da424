package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SoakOutcomeTest {
    private static Sample sample(int round, int sockets) {
        Footprint process = new Footprint(
                16 << 20, new TreeMap<>(Collections.singletonMap("timer", 1)), 60, Collections.nCopies(sockets, "tcp"));
        return new Sample(round, round / 2.0, "the leadership moves", 25, round * 1_000L, process, 7);
    }

    private static SoakOutcome outcome(List<Sample> samples, String... broken) {
        return new SoakOutcome(42, samples, List.of(broken), new TreeMap<>());
    }

    @Test
    void aFindingNamesTheSeedAndTheMoment() {
        assertThat(outcome(List.of(sample(0, 1), sample(1, 1), sample(2, 2)), "round 1, broken: order")
                        .findings())
                .satisfiesExactly(
                        invariant -> assertThat(invariant).isEqualTo("seed 42: round 1, broken: order"),
                        socket -> assertThat(socket)
                                .startsWith("seed 42: sockets")
                                .contains("round 2, at 1.0 min, after: the leadership moves"));
    }

    @Test
    void whatEndsBeforeItsFirstFaultIsOverHasNoFiguresButItsFindings() {
        SoakOutcome brokenOff = outcome(List.of(sample(0, 1)), "round 1: it could not go on");
        assertThat(brokenOff.figures()).isEmpty();
        assertThat(brokenOff.findings()).containsExactly("seed 42: round 1: it could not go on");
    }

    @Test
    void theTableHasALineForEachSample() {
        assertThat(outcome(List.of(sample(0, 1), sample(1, 1))).table())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.split(",")).hasSize(11))
                .last()
                .isEqualTo("1,0.50,\"the leadership moves\",25,1000,16777216,1,0,60,1,7");
    }

    @Test
    void figuresSayWhatThereWasFirstAndLast() {
        assertThat(outcome(List.of(sample(0, 1), sample(1, 1), sample(2, 2))).figures())
                .containsEntry("faults", "2")
                .containsEntry("sockets", "1 → 2")
                .containsEntry("longest to converge", "25 ms");
    }
}
