package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorsTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Command
    private record Failing(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }

    @Test
    void aKnownFailureHasItsCodeAndItsMessage() {
        assertThat(codeOf(new CommandFailedException(ExitCode.UNREACHABLE, "cannot reach it", null)))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(said()).isEqualTo("ev: cannot reach it\n");
    }

    @Test
    void aMessageOfSeveralLinesBecomesOne() {
        codeOf(new CommandFailedException(ExitCode.FAILURE, "it has ended\n  because\r\n  of that\n", null));

        assertThat(said()).isEqualTo("ev: it has ended because of that\n");
    }

    @Test
    void aDefectIsToldWithItsPlaceInOneLineAndNoStackTrace() {
        assertThat(codeOf(new IllegalStateException("what is this?"))).isEqualTo(ExitCode.FAILURE);
        assertThat(said())
                .startsWith(
                        "ev: a defect in ev: java.lang.IllegalStateException: what is this? at dev.eventvalues.cli.")
                .hasLineCount(1);
    }

    @Test
    void anInterruptedCommandSaysNothing() {
        assertThat(codeOf(new InterruptedException())).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(said()).isEmpty();
    }

    @Test
    void whatGoesWrongBecauseOfAnInterruptIsNotToldEither() {
        Thread.currentThread().interrupt();

        assertThat(codeOf(new IllegalStateException("interrupted while waiting")))
                .isEqualTo(ExitCode.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(said()).isEmpty();
    }

    private int codeOf(Exception failure) {
        Errors errors = new Errors(new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CommandLine(new Failing(failure))
                .setExecutionExceptionHandler(errors)
                .execute();
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
