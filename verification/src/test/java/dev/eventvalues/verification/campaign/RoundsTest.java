package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final int AT = 20_000;

    private static List<Plan> plans(long seed, int rounds) {
        Rounds all = new Rounds(seed, Fault.all());
        return IntStream.range(0, rounds).mapToObj(round -> all.next(AT)).toList();
    }

    @Test
    void followFromTheSeed() {
        assertThat(plans(17, 100)).isEqualTo(plans(17, 100)).isNotEqualTo(plans(18, 100));
    }

    @Test
    void asManyAsThereAreKindsTryEachOnce() {
        int kinds = Fault.all().size();
        List<Fault> dealt = plans(3, 2 * kinds).stream().map(Plan::first).toList();
        assertThat(dealt.subList(0, kinds)).containsExactlyInAnyOrderElementsOf(Fault.all());
        assertThat(dealt.subList(kinds, 2 * kinds)).containsExactlyInAnyOrderElementsOf(Fault.all());
    }

    @Test
    void aFaultStrikesWhenItIsToAndIsHealedWithinTenSeconds() {
        assertThat(plans(5, 500)).allSatisfy(plan -> {
            assertThat(plan.steps())
                    .extracting(Plan.Step::act)
                    .containsExactly(Plan.Act.INFLICT, Plan.Act.DISTURB, Plan.Act.HEAL);
            assertThat(plan.steps()).extracting(Plan.Step::atMillis).isSorted().allMatch(at -> at <= AT + 10_000);
            assertThat(plan.steps().get(0).atMillis()).isEqualTo(AT);
        });
    }
}
