package dev.eventvalues.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Subject SCHEDULES = new Subject("schedules", "source", "17", "3.4");
    private static final Subject CONTROL = new Subject("control", "source", "17", "3.4");

    @TempDir
    Path directory;

    @Test
    void beginsWithTheFirstSeed() throws IOException {
        assertThat(ledger().next(SCHEDULES)).isEqualTo(1);
    }

    @Test
    void goesOnBehindWhatWasTriedBefore() throws IOException {
        ledger().add(evidence(SCHEDULES, 1, 10));
        assertThat(ledger().next(SCHEDULES)).isEqualTo(11);
        assertThat(ledger().next(CONTROL)).isEqualTo(1);
    }

    @Test
    void whatContinuesALineIsAddedToIt() throws IOException {
        Ledger ledger = ledger();
        ledger.add(evidence(SCHEDULES, 1, 10));
        ledger.add(evidence(CONTROL, 1, 5, "seed 3: lost a delete"));
        ledger.add(evidence(SCHEDULES, 11, 30, "seed 12: stale"));
        assertThat(ledger().lines())
                .containsExactly(
                        evidence(SCHEDULES, 1, 40, "seed 12: stale"), evidence(CONTROL, 1, 5, "seed 3: lost a delete"));
    }

    @Test
    void otherSourcesAreAnotherSubject() throws IOException {
        Ledger ledger = ledger();
        ledger.add(evidence(SCHEDULES, 1, 10));
        Subject changed = new Subject("schedules", "changed", "17", "3.4");
        assertThat(ledger.next(changed)).isEqualTo(1);
        ledger.add(evidence(changed, 11, 10));
        assertThat(ledger.lines()).hasSize(2);
    }

    @Test
    void rowsOfFiguresAreKeptBesideEachOther() throws IOException {
        ledger().add(soaked(1, "10 MB"));
        ledger().add(soaked(2, "11 MB"));
        assertThat(ledger().lines())
                .singleElement()
                .extracting(Evidence::rows)
                .isEqualTo(List.of(Map.of("heap", "10 MB"), Map.of("heap", "11 MB")));
    }

    @Test
    void whereThereAreNoFiguresNothingIsWrittenOfThem() throws IOException {
        ledger().add(evidence(SCHEDULES, 1, 10));
        assertThat(directory.resolve("schedules.jsonl")).content().doesNotContain("figures");
        assertThat(ledger().lines()).containsExactly(evidence(SCHEDULES, 1, 10));
    }

    private static Evidence soaked(long seed, String heap) {
        return new Evidence(
                SCHEDULES, seed, 1, "2026-01-01", new TreeMap<>(), List.of(), List.of(Map.of("heap", heap)));
    }

    private Ledger ledger() throws IOException {
        return Ledger.open(directory, Kind.SCHEDULES);
    }

    private static Evidence evidence(Subject subject, long first, long count, String... findings) {
        return new Evidence(
                subject, first, count, "2026-01-01", new TreeMap<>(Map.of("steps", 2 * count)), List.of(findings));
    }
}
