package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void showsTheMedianOfItsSamples() {
        assertThat(Figure.of("set", 0, Contender.LOCK, "cpu", "ns", 30, 10, 20))
                .isEqualTo(new Figure("set", 0, "LOCK", "cpu", "ns", 20, 10, 30, 3));
    }

    @Test
    void ofSeveralJvmsIsTheMedianOfTheirMedians() {
        Figure lock = Figure.of("set", 0, Contender.LOCK, "cpu", "ns", 5);
        assertThat(Figure.together(List.of(
                        Figure.of("set", 0, Contender.EVENT_VALUES, "cpu", "ns", 1, 2, 9),
                        lock,
                        Figure.of("set", 0, Contender.EVENT_VALUES, "cpu", "ns", 4))))
                .containsExactly(new Figure("set", 0, "EVENT_VALUES", "cpu", "ns", 3, 1, 9, 4), lock);
    }
}
