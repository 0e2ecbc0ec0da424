package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The demo, as a newcomer starts it. */
class DemoIT {
    private static final String LEASE = "/etc/hosts: foo.example.com is now 203.0.113.24";
    private static final String CHANGED_LEASE = "/etc/hosts: foo.example.com is now 203.0.113.103";
    private static final int SIGINT = 2;

    @Test
    void inMemoryShowsWhatTheHostsFileSaysAndEndsByItself() throws InterruptedException {
        try (EvProcess demo = EvProcess.start("demo")) {
            assertThat(demo.linesToEnd())
                    .containsSubsequence(LEASE, CHANGED_LEASE)
                    .containsOnlyOnce(LEASE)
                    .containsOnlyOnce(CHANGED_LEASE)
                    .contains("/etc/hosts: foo.example.com has no address")
                    .contains("status line: [ online, 203.0.113.103 ]", "log: 203.0.113.103");
            assertThat(demo.code()).isZero();
            assertThat(demo.errorsToEnd()).isEmpty();
        }
    }

    @Nested
    class InEtcd {
        @Test
        void itShowsTheSameAndLeavesNoProcess() throws Exception {
            try (EvProcess demo = EvProcess.start("demo", "--etcd")) {
                demo.awaitLine(LEASE);
                List<ProcessHandle> server = demo.children();
                assertThat(server).isNotEmpty();

                demo.awaitLine(CHANGED_LEASE);
                assertThat(demo.linesToEnd()).contains("status line: [ online, 203.0.113.103 ]");
                assertThat(demo.code()).isZero();
                assertThat(demo.errorsToEnd()).isEmpty();
                awaitEndOf(server);
            }
        }

        @Test
        void ctrlCStopsTheServerToo() throws Exception {
            try (EvProcess demo = EvProcess.start("demo", "--etcd")) {
                List<ProcessHandle> server = stoppedInTheMiddle(demo);
                assumeThat(demo.ignores(SIGINT))
                        .as("this JVM and its children ignore SIGINT")
                        .isFalse();

                demo.signal("INT");
                demo.signal("CONT");

                assertThat(demo.code()).isEqualTo(ExitCode.INTERRUPTED);
                assertThat(demo.errorsToEnd()).isEmpty();
                awaitEndOf(server);
            }
        }

        @Test
        void sigtermStopsTheServerToo() throws Exception {
            try (EvProcess demo = EvProcess.start("demo", "--etcd")) {
                List<ProcessHandle> server = stoppedInTheMiddle(demo);

                demo.signal("TERM");
                demo.signal("CONT");

                assertThat(demo.code()).isEqualTo(143);
                assertThat(demo.errorsToEnd()).isEmpty();
                awaitEndOf(server);
            }
        }

        @Test
        void withoutAnEtcdItSaysInOneLineWhatToDo() throws InterruptedException {
            try (EvProcess demo = EvProcess.startWith(Map.of("ETCD_BIN", "/nonexistent/etcd"), "demo", "--etcd")) {
                assertThat(demo.code()).isEqualTo(ExitCode.FAILURE);
                assertThat(demo.errorsToEnd())
                        .singleElement()
                        .asString()
                        .startsWith("ev: ETCD_BIN is set to /nonexistent/etcd, which is no program: ");
            }
        }

        /** Stands still once the server runs, so that the demo cannot end by itself before it is told to. */
        private static List<ProcessHandle> stoppedInTheMiddle(EvProcess demo) throws IOException, InterruptedException {
            demo.awaitLine("/etc/hosts: foo.example.com has no address");
            demo.signal("STOP");
            return demo.children();
        }

        private static void awaitEndOf(List<ProcessHandle> processes)
                throws InterruptedException, ExecutionException, TimeoutException {
            for (ProcessHandle process : processes) {
                process.onExit().get(EvProcess.BOUND_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
