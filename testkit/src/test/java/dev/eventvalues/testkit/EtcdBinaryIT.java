package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdBinaryIT {
    private static final Map<String, String> EMPTY_PATH = Map.of("PATH", "");

    @TempDir
    private Path directory;

    @Test
    void itComesFromThePackageArchiveAndIsKept() throws IOException {
        EtcdBinary downloaded = EtcdBinary.locate(EMPTY_PATH, directory, Optional.of(EtcdRelease.V3_5));

        assertThat(downloaded.version()).startsWith("3.5.");
        assertThat(downloaded.etcd()).startsWith(directory);
        assertThat(downloaded.etcdctl()).isPresent();
        try (var left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("3.5", "3.5.lock");
        }

        FileTime time = Files.getLastModifiedTime(directory);
        EtcdBinary again = EtcdBinary.locate(EMPTY_PATH, directory, Optional.of(EtcdRelease.V3_5));
        assertThat(again.etcd()).isEqualTo(downloaded.etcd());
        assertThat(Files.getLastModifiedTime(directory)).isEqualTo(time);
    }

    @Test
    void twoJvmsWithoutAnyPathGetItAtTheSameTime() throws Exception {
        List<Process> jvms = List.of(locatingJvm("one"), locatingJvm("two"));

        for (Process jvm : jvms) {
            assertThat(jvm.waitFor(90, TimeUnit.SECONDS))
                    .as("the JVM ended in time")
                    .isTrue();
        }

        assertThat(output("one")).contains("found 3.4.");
        assertThat(output("two")).contains("found 3.4.");
        assertThat(output("one") + output("two")).containsOnlyOnce("downloading etcd 3.4");
    }

    private Process locatingJvm(String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Detcd=3.4",
                        "-Deventvalues.etcd.dir=" + directory.resolve("etcd"),
                        Locating.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), name));
        builder.environment().put("PATH", "");
        builder.environment().remove("ETCD_BIN");
        return builder.start();
    }

    private String output(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    /** The program of another JVM. */
    static final class Locating {
        public static void main(String[] args) {
            System.out.println("found " + EtcdBinary.locate().version());
        }
    }
}
