package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableOfRowTest {
    private final Report report = new Report(
            "2026-01-01",
            "a JDK",
            new Machine(2, "processor", 0, "system"),
            Scale.SMOKE,
            Map.of(),
            List.of(
                    Figure.of("set", 0, Contender.LOCK, "cpu", "ns", 30, 10, 20),
                    Figure.of("set", 0, Contender.EVENT_VALUES, "cpu", "ns", 9, 11),
                    Figure.of("set", 100, Contender.STATE_FLOW, "cpu", "ns", 4_000)));

    @Test
    void showsMediansAndTimesTheLock() {
        assertThat(new TableOfRow(report, Row.SET).markdown()).isEqualTo("""
                        | ns | 0 idle watchers | 100 idle watchers |
                        |---|---|---|
                        | MemoryValue | 10.0 (0.50×) | – |
                        | lock + condition | 20.0 | – |
                        | StateFlow | – | 4,000 |
                        """);
    }

    @Test
    void chartsOfFarFiguresAreLogarithmic() {
        String svg = new ChartOfRow(report, Row.SET).svg();
        assertThat(svg).contains("logarithmic", ">StateFlow<", ">4,000 ns<", "width=\"460.0\"");
    }
}
