package dev.eventvalues.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final String PAGE = """
            Before.
            <!-- evidence: schedules -->
            What stood here before.
            <!-- end -->
            Between.
            <!-- evidence: campaign -->
            <!-- end -->
            After.
            """;

    @TempDir
    Path root;

    private String now = "";

    @BeforeEach
    void thereAreSources() throws IOException {
        Files.createDirectories(root.resolve("core/src/main"));
        Files.createDirectories(root.resolve("etcd/src/main"));
        now = Kind.SCHEDULES.sources(root, "schedules");
    }

    @Test
    void eachKindIsShownBetweenItsMarkers() throws IOException {
        Ledger ledger = Ledger.open(Ledger.directory(root), Kind.SCHEDULES);
        ledger.add(evidence(now, 1, 1_000, Map.of("deletes told", 2_000L, "fault: kill", 7L)));
        ledger.add(evidence(now, 5_001, 10, Map.of("deletes told", 5L), "seed 5003: stale"));
        ledger.add(evidence("before", 1, 300, Map.of("deletes told", 1L, "fault: kill", 1L)));
        ledger.add(evidence("long before", 1, 200, Map.of()));
        assertThat(Page.filled(PAGE, root)).isEqualTo("""
                        Before.
                        <!-- evidence: schedules -->

                        | what | sources | Java | etcd | tried | findings | among it |
                        |---|---|---|---|---|---|---|
                        | schedules | %s | 17 | 3.4 | 1,010 (1–1,000, 5,001–5,010) | 1 | 2,005 deletes told |
                        | schedules | earlier |  |  | 500 | 0 | 1 deletes told |

                        | fault | times |
                        |---|---|
                        | kill | 8 |

                        <!-- end -->
                        Between.
                        <!-- evidence: campaign -->

                        None is kept yet.

                        <!-- end -->
                        After.
                        """.formatted(now));
    }

    @Test
    void aKindThatIsNotKnownIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Page.filled("<!-- evidence: rumours -->\n<!-- end -->\n", root))
                .withMessageContaining("rumours");
    }

    @Test
    void whatCannotBeAddedUpHasARowForEachSeed() throws IOException {
        Ledger ledger = Ledger.open(Ledger.directory(root), Kind.SCHEDULES);
        ledger.add(soaked("before", 1, Map.of("heap", "9 MB")));
        ledger.add(soaked(now, 1, figures("heap", "10 MB", "threads", "21")));
        ledger.add(soaked(now, 2, figures("heap", "11 MB", "files", "60")));
        assertThat(Page.filled(PAGE, root)).contains("""
                        | schedules | earlier |  |  | 1 | 0 |  |
                        | schedules | %s | 17 | 3.4 | 2 (1–2) | 0 |  |

                        | what | sources | Java | etcd | heap | threads | files |
                        |---|---|---|---|---|---|---|
                        | schedules | %s | 17 | 3.4 | 10 MB | 21 |  |
                        | schedules | %s | 17 | 3.4 | 11 MB |  | 60 |
                        """.formatted(now, now, now));
    }

    private static Map<String, String> figures(String... namesAndFigures) {
        Map<String, String> figures = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFigures.length; i += 2) {
            figures.put(namesAndFigures[i], namesAndFigures[i + 1]);
        }
        return figures;
    }

    private static Evidence soaked(String source, long seed, Map<String, String> figures) {
        Subject subject = new Subject("schedules", source, "17", "3.4");
        return new Evidence(subject, seed, 1, "2026-01-01", new TreeMap<>(), List.of(), List.of(figures));
    }

    private static Evidence evidence(
            String source, long first, long count, Map<String, Long> tally, String... findings) {
        Subject subject = new Subject("schedules", source, "17", "3.4");
        return new Evidence(subject, first, count, "2026-01-01", new TreeMap<>(tally), List.of(findings));
    }
}
