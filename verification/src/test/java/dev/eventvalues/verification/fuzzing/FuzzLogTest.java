package dev.eventvalues.verification.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzLogTest {
    @Test
    void countsTheInputsOfARunThatCameToItsEnd() {
        FuzzLog log = FuzzLog.read(List.of(
                "INFO: Instrumented something",
                "#512\tpulse  cov: 795 ft: 1406 corp: 13/44b lim: 6 exec/s: 64 rss: 2276Mb",
                "Done 595 runs in 9 second(s)"));
        assertThat(log).isEqualTo(new FuzzLog(595, ""));
    }

    @Test
    void namesTheFindingAndTheFileOfItsInput() {
        FuzzLog log = FuzzLog.read(List.of(
                "#512\tpulse  cov: 795 ft: 1406 corp: 13/44b lim: 6 exec/s: 64 rss: 2276Mb",
                "== Java Exception: java.lang.AssertionError: epochs only grow, and found 3",
                "\tat somewhere",
                "== libFuzzer crashing input ==",
                "artifact_prefix='./'; Test unit written to ./crash-0123"));
        assertThat(log.executions()).isEqualTo(512);
        assertThat(log.finding())
                .isEqualTo("== Java Exception: java.lang.AssertionError: epochs only grow, and found 3"
                        + " (input: ./crash-0123)");
    }
}
