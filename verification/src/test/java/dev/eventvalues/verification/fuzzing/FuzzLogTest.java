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
                "artifact_prefix='./'; Test unit written to ./crash-0123",
                "    => com.code_intelligence.jazzer.junit.FuzzTestFindingException: java.lang.AssertionError: epochs grow",
                "     Caused by: java.lang.AssertionError: epochs grow"));
        assertThat(log.executions()).isEqualTo(512);
        assertThat(log.finding()).isEqualTo("java.lang.AssertionError: epochs grow (input: ./crash-0123)");
    }
}
