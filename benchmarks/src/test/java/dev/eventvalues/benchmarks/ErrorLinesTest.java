package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorLinesTest {
    @Test
    void passesOnAFew() {
        assertThat(shown("one\ntwo\n")).isEqualTo("one\ntwo\n");
    }

    @Test
    void countsTheRestOfAFlood() {
        assertThat(shown("at somewhere\n".repeat(1_000)))
                .isEqualTo("at somewhere\n".repeat(10) + "(990 more lines on its standard error)\n");
    }

    private static String shown(String errors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ErrorLines(new BufferedReader(new StringReader(errors)), new PrintStream(out, true, StandardCharsets.UTF_8))
                .run();
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
