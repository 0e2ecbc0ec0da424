package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvTest {
    @Nested
    class Help {
        @Test
        void namesTheCommandsAndTheExitCodes() {
            Run run = Run.of("--help");

            assertThat(run.code()).isZero();
            assertThat(run.out())
                    .startsWith("Usage: ev")
                    .contains("watch  ", "demo  ", "Exit codes:", "  0 ", "  1 ", "  2 ", "  3 ", "  130 ");
            assertThat(run.err()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"watch", "demo"})
        void ofACommandSaysHowToCallItAndWhatItsExitCodesAre(String command) {
            Run run = Run.of(command, "--help");

            assertThat(run.code()).isZero();
            assertThat(run.out()).startsWith("Usage: ev " + command + " ").contains("Exit codes:");
            assertThat(run.err()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "watch", "demo"})
        void fitsATerminal(String command) {
            Run run = command.isEmpty() ? Run.of("--help") : Run.of(command, "--help");

            assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }

        @Test
        void hasNoColoursWhereThereIsNoTerminal() {
            assertThat(Run.of("--help").out()).doesNotContain("\u001b");
        }

        @Test
        void isAllThatEvSaysWithoutACommandWhichIsAnError() {
            Run run = Run.of();

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
            assertThat(String.join("\n", run.err())).startsWith("Usage: ev").contains("Commands:");
        }
    }

    @Test
    void versionIsOneLine() {
        Run run = Run.of("--version");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("ev ").hasLineCount(1);
    }

    @Nested
    class BadUsage {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "nope                       | ev: unknown command 'nope' (see 'ev --help')",
                    "--nope                     | ev: unknown option '--nope' (see 'ev --help')",
                    "demo now                   | ev: unexpected argument 'now' (see 'ev demo --help')",
                    "watch                      | ev: what to watch? Give a KEY or --prefix (see 'ev watch --help')",
                    "watch --nope a             | ev: unknown option '--nope' (see 'ev watch --help')",
                    "watch a b                  | ev: unexpected argument 'b' (see 'ev watch --help')",
                    "watch a --prefix=b         | ev: KEY and --prefix exclude each other: give one of them (see 'ev watch"
                            + " --help')",
                    "watch --prefix             | ev: missing required parameter for option '--prefix' (PREFIX) (see 'ev"
                            + " watch --help')",
                    "watch a --endpoints=nope   | ev: not an etcd endpoint: \"nope\"; expected http://HOST:PORT or"
                            + " https://HOST:PORT, such as http://127.0.0.1:2379 (see 'ev watch --help')",
                    "watch a --timeout=5x       | ev: invalid value for option '--timeout': expected a number above 0"
                            + " with ms, s or m, such as 5s, not '5x' (see 'ev watch --help')",
                })
        void isToldInOneLineThatSaysWhereHelpIs(String args, String message) {
            Run run = Run.of(args.split(" "));

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).containsExactly(message);
        }

        @Test
        void anEmptyKey() {
            Run run = Run.of("watch", "");

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err())
                    .containsExactly("ev: the KEY is empty, and etcd has no empty key; for all keys give --prefix= (see"
                            + " 'ev watch --help')");
        }

        @Test
        void aKeyThatTheLocaleCannotSpell() {
            Run run = Run.of("watch", "schl\ufffd\ufffdssel");

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .startsWith("ev: what to watch has characters that Java cannot read in this locale (")
                    .contains("set LC_ALL=C.UTF-8");
        }

        @Test
        void oneBadEndpointAmongGoodOnesIsNamed() {
            Run run = Run.of("watch", "a", "--endpoints", "http://127.0.0.1:2379,ftp://127.0.0.1:1");

            assertThat(run.code()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .startsWith("ev: not an etcd endpoint: \"ftp://127.0.0.1:1\"");
        }
    }
}
