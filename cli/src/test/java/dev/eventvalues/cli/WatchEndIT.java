package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How {@code ev watch} ends. */
class WatchEndIT {
    private static final int SIGINT = 2;

    /** What may come on top of a timeout on a machine that is busy with other things. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    @RegisterExtension
    static final EtcdClusterExtension ETCD = EtcdClusterExtension.members(1);

    private final EtcdCluster etcd = ETCD.cluster();
    private final String endpoint = etcd.endpoints().get(0);

    @Nested
    class WhenTold {
        @Test
        void byCtrlCItEndsWithCode0AndSaysNothing() throws IOException, InterruptedException {
            try (EvProcess ev = EvProcess.start("watch", "a", "--endpoints", endpoint)) {
                assertThat(ev.line()).isEqualTo("a is absent");
                assumeThat(ev.ignores(SIGINT))
                        .as("this JVM and its children ignore SIGINT")
                        .isFalse();

                ev.signal("INT");

                assertThat(ev.code()).isZero();
                assertThat(ev.linesToEnd()).isEmpty();
                assertThat(ev.errorsToEnd()).isEmpty();
            }
        }

        @Test
        void bySigtermItEndsTheSameWay() throws IOException, InterruptedException {
            try (EvProcess ev = EvProcess.start("watch", "--prefix=a", "--endpoints", endpoint)) {
                assertThat(ev.line()).isEqualTo("no key begins with \"a\"");

                ev.signal("TERM");

                assertThat(ev.code()).isZero();
                assertThat(ev.linesToEnd()).isEmpty();
                assertThat(ev.errorsToEnd()).isEmpty();
            }
        }

        @Test
        void whileEtcdIsGoneItEndsTheSameWay() throws IOException, InterruptedException {
            try (EvProcess ev = EvProcess.start("watch", "a", "--endpoints", endpoint)) {
                assertThat(ev.line()).isEqualTo("a is absent");
                etcd.refuseClients();
                etcd.cutClients();

                ev.signal("TERM");

                assertThat(ev.code()).isZero();
                assertThat(ev.errorsToEnd()).isEmpty();
            }
        }
    }

    @Nested
    class WhenItCannotWrite {
        @Test
        void becauseTheReaderIsGoneItEndsAtTheNextEventWithCode0() throws InterruptedException {
            String pipe = "{ \"$@\"; echo \"code $?\" >&2; } | head -n 1";
            try (EvProcess ev = EvProcess.startIn(pipe, "watch", "a", "--endpoints", endpoint)) {
                assertThat(ev.line()).isEqualTo("a is absent");

                for (int i = 0; ev.isRunning(); i++) { // the first may come while head is about to end
                    etcd.put("a", "" + i);
                }

                assertThat(ev.errorsToEnd()).containsExactly("code 0");
            }
        }

        @Test
        void becauseTheDiskIsFullItSaysSo() throws InterruptedException {
            try (EvProcess ev = EvProcess.startInto(new File("/dev/full"), "watch", "a", "--endpoints", endpoint)) {
                assertThat(ev.code()).isEqualTo(ExitCode.FAILURE);
                assertThat(ev.errorsToEnd()).containsExactly("ev: cannot write the output: No space left on device");
            }
        }
    }

    @Nested
    class WhenEtcdCannotBeReached {
        @Test
        void becauseNobodyListensItSaysSoWithinTheTimeout() throws IOException {
            String nobody = "http://127.0.0.1:" + freePort();
            long start = System.nanoTime();

            Run run = Run.of("watch", "a", "--endpoints", nobody, "--timeout", "500ms");

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(500), Duration.ofMillis(500).plus(MARGIN));
            assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).singleElement().asString().startsWith("ev: cannot reach etcd at " + nobody + ": ");
        }

        @Test
        void becauseNobodyListensItSaysThatTheConnectionIsRefused() throws IOException {
            Run run = Run.of("watch", "a", "--endpoints", "http://127.0.0.1:" + freePort());

            assertThat(run.err()).singleElement().asString().contains("UNAVAILABLE", "Connection refused");
        }

        @Test
        void becauseNobodyListensTheProcessSaysNothingElse() throws IOException, InterruptedException {
            String nobody = "http://127.0.0.1:" + freePort();
            try (EvProcess ev = EvProcess.start("watch", "--prefix=a", "--endpoints", nobody, "--timeout", "2s")) {
                assertThat(ev.code()).isEqualTo(ExitCode.UNREACHABLE);
                assertThat(ev.linesToEnd()).isEmpty();
                assertThat(ev.errorsToEnd())
                        .singleElement()
                        .asString()
                        .startsWith("ev: cannot reach etcd at " + nobody + ": ");
            }
        }

        @Test
        void becauseItDoesNotAnswerItSaysWhatItWaitedFor() throws IOException {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                Run run = Run.of(
                        "watch", "a", "--endpoints", "http://127.0.0.1:" + silent.getLocalPort(), "--timeout", "5s");

                assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
                assertThat(run.err()).singleElement().asString().contains("DEADLINE_EXCEEDED");
            }
        }

        @Test
        void atOneEndpointItGoesOnWithTheNextInTime() throws IOException, InterruptedException {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    EvProcess ev = EvProcess.start(
                            "watch",
                            "a",
                            "--endpoints",
                            "http://127.0.0.1:" + silent.getLocalPort() + "," + endpoint,
                            "--timeout",
                            "10s")) {
                assertThat(ev.line()).isEqualTo("a is absent");
            }
        }
    }

    @Test
    void whenEtcdRefusesItSaysWhyAndEndsWithCode1() throws InterruptedException {
        try (EtcdCluster guarded = EtcdCluster.start(1)) {
            guarded.call("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"secret\"}");
            guarded.call("/v3/auth/role/add", "{\"name\":\"root\"}");
            guarded.call("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
            guarded.call("/v3/auth/enable", "{}");
            try (EvProcess ev = EvProcess.start(
                    "watch", "a", "--endpoints", guarded.endpoints().get(0), "--timeout", "30s")) {
                assertThat(ev.code()).isEqualTo(ExitCode.FAILURE);
                assertThat(ev.linesToEnd()).isEmpty();
                List<String> errors = ev.errorsToEnd();
                assertThat(errors).singleElement().asString().startsWith("ev: ").contains("user name is empty");
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
