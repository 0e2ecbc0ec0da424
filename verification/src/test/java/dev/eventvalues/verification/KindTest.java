package dev.eventvalues.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KindTest {
    @TempDir
    Path root;

    @BeforeEach
    void thereAreSources() throws IOException {
        write("core/src/main/Cell.java", "first");
        write("etcd/src/main/Follower.java", "first");
        write("core/src/test/CellTest.java", "first");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void evidenceEndsWithAChangeOfCoreAndNotWithOneOfItsTests(Kind kind) throws IOException {
        Subject before = subject(kind, "anything");
        write("core/src/test/CellTest.java", "changed");
        assertThat(kind.isCurrent(root, before)).isTrue();
        write("core/src/main/Cell.java", "changed");
        assertThat(kind.isCurrent(root, before)).isFalse();
    }

    @Test
    void aChangeOfEtcdEndsTheEvidenceOfAllThatGoesThroughIt() throws IOException {
        assertThat(endedByAChangeOfEtcd("CellRaces.TwoUpdates"))
                .containsExactly(
                        Kind.SEQUENCES, Kind.SCHEDULES, Kind.CAMPAIGN, Kind.SOAK, Kind.MUTANTS, Kind.FUZZ, Kind.REPEAT);
        assertThat(endedByAChangeOfEtcd("SnapshotRaces.KnownByRace")).contains(Kind.RACES);
    }

    @Test
    void racesOfClassesOfEtcdSaySo() throws IOException {
        Path races = Path.of(
                System.getProperty("eventvalues.root"), "verification/jcstress/src/main/java/dev/eventvalues/etcd");
        try (Stream<Path> files = Files.list(races)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".java", ".Any")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(Kind.RACES.about(name)).contains("etcd/src/main"));
        }
    }

    private List<Kind> endedByAChangeOfEtcd(String name) throws IOException {
        Map<Kind, Subject> before = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            before.put(kind, subject(kind, name));
        }
        write("etcd/src/main/Follower.java", "changed for " + name);
        return before.entrySet().stream()
                .filter(each -> !each.getKey().isCurrent(root, each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Subject subject(Kind kind, String name) {
        return new Subject(name, kind.sources(root, name), "17", "");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
