package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpotCheckTest {
    @TempDir
    private Path results;

    private static Report report(String jdk, Figure... figures) {
        return new Report(
                "2026-01-01",
                jdk,
                new Machine(2, "processor", 8_000, "system"),
                Scale.QUICK,
                Map.of(),
                List.of(figures));
    }

    @Test
    void showsOursBesideItsReference() throws Exception {
        report(
                        "Java 17",
                        Figure.of("set", 100, Contender.LOCK, "cpu", "ns", 20),
                        Figure.of("set", 100, Contender.STATE_FLOW, "cpu", "ns", 90),
                        Figure.of("set", 100, Contender.EVENT_VALUES, "cpu", "ns", 10))
                .write(results.resolve("2026-01-01-17-quick.json"));
        assertThat(SpotCheck.in(results).orElseThrow().markdown()).isEqualTo("""
                        2026-01-01, Java 17, 2 × processor, 8 GB, system; scale `quick`.

                        | | | | compared with |
                        |---|---|---|---|
                        | `set` by the number of idle watchers, 100 idle watchers | MemoryValue | 10.0 ns | 0.50× lock + condition |
                        """);
    }

    @Test
    void standsBesideTheNewestOfAnotherJava() throws Exception {
        report("Java 17").write(results.resolve("2026-01-03-17-quick.json"));
        report("Java 25, quick").write(results.resolve("2026-01-02-25-quick.json"));
        report("Java 25, full").write(results.resolve("2026-01-02-25.json"));
        assertThat(SpotCheck.checked(results).orElseThrow().jdk()).isEqualTo("Java 25, full");
    }

    @Test
    void isNotThereUntilMeasured() throws Exception {
        assertThat(SpotCheck.in(results)).isEmpty();
        assertThat(SpotCheck.in(results.resolve("none"))).isEmpty();
    }
}
