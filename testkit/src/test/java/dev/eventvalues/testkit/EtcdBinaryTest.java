package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdBinaryTest {
    private static final Optional<EtcdRelease> ANY = Optional.empty();

    @TempDir
    private Path directory;

    @Test
    void etcdBinGoesBeforeThePath() throws IOException {
        Path named = program("named", "3.5.1");
        program("path", "3.4.1");

        EtcdBinary binary = locate(Map.of("ETCD_BIN", named.toString(), "PATH", path("path")), ANY);

        assertThat(binary.etcd()).isEqualTo(named);
        assertThat(binary.version()).isEqualTo("3.5.1");
    }

    @Test
    void etcdBinMayNameTheDirectory() throws IOException {
        Path named = program("named", "3.5.1");

        assertThat(locate(Map.of("ETCD_BIN", path("named")), ANY).etcd()).isEqualTo(named);
    }

    @Test
    void anEtcdBinThatIsNoProgramIsAnErrorEvenIfThePathHasOne() throws IOException {
        program("path", "3.4.1");

        assertThatThrownBy(() -> locate(Map.of("ETCD_BIN", "/no/such", "PATH", path("path")), ANY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ETCD_BIN")
                .hasMessageContaining("/no/such");
    }

    @Test
    void thePathIsSearchedInItsOrder() throws IOException {
        Path first = program("first", "3.4.1");
        program("second", "3.4.2");

        assertThat(locate(Map.of("PATH", "/no/such:" + path("first") + ":" + path("second")), ANY)
                        .etcd())
                .isEqualTo(first);
    }

    @Test
    void aProgramOfAnotherReleaseIsPassedOver() throws IOException {
        Path named = program("named", "3.5.1");
        Path onPath = program("path", "3.4.1");
        Map<String, String> environment = Map.of("ETCD_BIN", named.toString(), "PATH", path("path"));

        assertThat(locate(environment, Optional.of(EtcdRelease.V3_4)).etcd()).isEqualTo(onPath);
        assertThat(locate(environment, Optional.of(EtcdRelease.V3_5)).etcd()).isEqualTo(named);
    }

    @Test
    void toolsBesideTheServerAreFound() throws IOException {
        EtcdBinary binary = locate(Map.of("ETCD_BIN", program("named", "3.5.1").toString()), ANY);
        assertThat(binary.etcdctl()).isEmpty();

        Path tool = script(directory.resolve("named/etcdctl"), "exit 0");
        assertThat(binary.etcdctl()).contains(tool);
        assertThat(binary.etcdutl()).isEmpty();
    }

    @Test
    void withoutAnyEtcdItFailsWithOneLineThatSaysWhatToDoAndWhy() throws IOException {
        program("old", "3.3.25");
        // No download can be kept where a file lies.
        Path blocked = Files.createFile(directory.resolve("blocked"));

        assertThatThrownBy(() -> EtcdBinary.locate(Map.of("PATH", path("old")), blocked, ANY))
                .isInstanceOf(IllegalStateException.class)
                .message()
                .contains("set ETCD_BIN to an etcd 3.4 or 3.5 program", "put etcd on the PATH", "run on Debian")
                .contains("ETCD_BIN is not set", "it is etcd 3.3.25, older than 3.4", "download failed", "blocked")
                .hasLineCount(1);
    }

    private EtcdBinary locate(Map<String, String> environment, Optional<EtcdRelease> wanted) {
        return EtcdBinary.locate(environment, directory.resolve("downloads"), wanted);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private Path program(String name, String version) throws IOException {
        Files.createDirectories(directory.resolve(name));
        return script(directory.resolve(name).resolve("etcd"), "echo etcd Version: " + version);
    }

    private static Path script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
