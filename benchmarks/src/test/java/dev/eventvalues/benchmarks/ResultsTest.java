package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResultsTest {
    private static final Measured HOW = Measured.now("commit", Optional.empty(), 1);

    @TempDir
    private Path directory;

    private final Figure set = Figure.of("set", 0, Contender.LOCK, "cpu", "ns", 10);
    private final Figure ready = Figure.of("ready", 0, Contender.LOCK, "cpu", "ns", 20);
    private final Figure newer = Figure.of("set", 0, Contender.LOCK, "cpu", "ns", 11);

    private static Report begun(int processors, Scale scale) {
        return new Report(
                "2026-01-01", "a JDK", new Machine(processors, "processor", 1, "system"), scale, Map.of(), List.of());
    }

    @BeforeEach
    void aRunOfTwoRows() throws Exception {
        for (Scale scale : List.of(Scale.QUICK, Scale.FULL)) {
            Results results = Results.of(directory, begun(2, scale), false);
            results.keep("set", HOW, List.of(set));
            results.keep("ready", HOW, List.of(ready));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Scale.class,
            names = {"QUICK", "FULL"})
    void aRowMeasuredAgainReplacesThatOfTheDay(Scale scale) throws Exception {
        Measured later = Measured.now("later commit", Optional.of("3.5.16"), 2);
        Report report = Results.of(directory, begun(2, scale), true).keep("set", later, List.of(newer));
        assertThat(report.figures()).containsExactly(ready, newer);
        assertThat(report.rows()).isEqualTo(Map.of("set", later, "ready", HOW));
    }

    @Test
    void aRowOfAnotherMachineIsRefused() {
        assertThatThrownBy(() -> Results.of(directory, begun(4, Scale.QUICK), true))
                .hasMessageContainingAll("2 × processor", "4 × processor");
    }

    @Test
    void aWholeRunOnAnotherMachineBeginsAnew() throws Exception {
        Report report = Results.of(directory, begun(4, Scale.QUICK), false).keep("set", HOW, List.of(newer));
        assertThat(report.figures()).containsExactly(newer);
    }
}
