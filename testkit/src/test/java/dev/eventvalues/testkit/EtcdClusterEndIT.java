package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How clusters begin and end; each test starts its own. */
class EtcdClusterEndIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void closingLeavesNoProcessAndNoData() {
        Set<ProcessHandle> before = children();
        EtcdCluster cluster = EtcdCluster.start(1);
        Member member = cluster.member(0);
        member.pause();
        long pid = member.pid();
        assertThat(cluster.directory()).exists();

        cluster.close();
        cluster.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(cluster.directory()).doesNotExist();
        assertThat(children()).isEqualTo(before);
        assertThatThrownBy(member::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void settingsReachTheProcess() {
        try (EtcdCluster cluster = EtcdCluster.builder()
                .release(EtcdRelease.requested())
                .etcdTimings()
                .flag("--quota-backend-bytes", "123456789")
                .start()) {
            assertThat(cluster.member(0).metric("etcd_server_quota_backend_bytes"))
                    .isEqualTo(123456789);
        }
    }

    @Test
    void aClusterThatDoesNotStartSaysWhyAndLeavesNothing() {
        Set<ProcessHandle> before = children();
        EtcdClusterBuilder broken = EtcdCluster.builder().flags("--no-such-flag");

        assertThatThrownBy(broken::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("m0 has ended")
                .hasMessageContaining("no-such-flag");
        assertThat(children()).isEqualTo(before);
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheJvmLeavesNoProcessAndNoData(Ending how) throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Detcd=" + EtcdRelease.requested().number(),
                        "-Deventvalues.etcd.dir=" + System.getProperty("eventvalues.etcd.dir", "target/etcd"),
                        Forgetful.class.getName(),
                        how.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            long etcd = Long.parseLong(out.readLine());
            Path data = Path.of(out.readLine());
            if (how == Ending.KILL) {
                assertThat(data).exists();
                jvm.destroyForcibly();
            }

            Deadline.in(SOON)
                    .await(
                            () -> "the end of etcd " + etcd,
                            () -> ProcessHandle.of(etcd).isEmpty());
            Deadline.in(SOON).await(() -> "the end of " + data, () -> Files.notExists(data));
        }
    }

    enum Ending {
        EXIT,
        HALT,
        KILL
    }

    /** The program of another JVM, which does not close its cluster. */
    static final class Forgetful {
        public static void main(String[] args) throws IOException {
            EtcdCluster cluster = EtcdCluster.start(1);
            for (Object line : List.of(cluster.member(0).pid(), cluster.directory())) {
                System.out.println(line);
            }
            switch (Ending.valueOf(args[0])) {
                case EXIT -> System.exit(0);
                case HALT -> Runtime.getRuntime().halt(0);
                case KILL -> System.in.read();
            }
        }
    }
}
