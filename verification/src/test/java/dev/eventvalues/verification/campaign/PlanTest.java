package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static List<Plan> onceAround() {
        return LongStream.range(1, Plan.pairs() + 1).mapToObj(Plan::of).toList();
    }

    @Test
    void followsFromTheSeed() {
        assertThat(Plan.of(17)).isEqualTo(Plan.of(17)).isNotEqualTo(Plan.of(18));
    }

    @Test
    void thereAreAtLeastTwentyKindsOfFaults() {
        assertThat(Fault.all()).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void asManySeedsAsThereAreOrderedPairsTryEachOfThem() {
        assertThat(onceAround().stream().map(plan -> plan.first() + ", then " + plan.second()))
                .hasSize(Plan.pairs())
                .doesNotHaveDuplicates();
    }

    @Test
    void faultsStrikeInTheirOrderAndAreHealedAfterwards() {
        assertThat(onceAround()).allSatisfy(plan -> {
            List<Plan.Step> inflicted = plan.steps().stream()
                    .filter(step -> step.act() == Plan.Act.INFLICT)
                    .toList();
            assertThat(inflicted).extracting(Plan.Step::blow).isSorted();
            assertThat(inflicted)
                    .allSatisfy(step -> assertThat(plan.steps())
                            .filteredOn(other -> other.act() == Plan.Act.HEAL && other.blow() == step.blow())
                            .singleElement()
                            .satisfies(heal -> assertThat(plan.steps().indexOf(heal))
                                    .isGreaterThan(plan.steps().indexOf(step))));
        });
    }

    @Test
    void whatNeedsAMajorityIsNotInflictedWhileThereIsNone() {
        assertThat(onceAround())
                .filteredOn(plan -> plan.first().harm() == Fault.Harm.CLUSTER
                        && plan.second().asks())
                .isNotEmpty()
                .allSatisfy(plan -> assertThat(plan.steps().stream()
                                .filter(step -> step.act() != Plan.Act.DISTURB)
                                .map(step -> step.act() + " " + step.blow())
                                .limit(3))
                        .containsExactly("INFLICT 0", "HEAL 0", "INFLICT 1"));
    }

    @Test
    void pairsOverlapMoreOftenThanNot() {
        assertThat(onceAround())
                .filteredOn(plan -> plan.steps().stream()
                                .filter(step -> step.act() != Plan.Act.DISTURB)
                                .toList()
                                .get(1)
                                .act()
                        == Plan.Act.INFLICT)
                .hasSizeGreaterThan(Plan.pairs() / 3);
    }
}
