package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Figures of one day, and what they hold for.
 *
 * @param date of the measurements
 * @param jdk version and vendor
 * @param machine on which all of them were taken
 * @param scale how long was measured
 * @param rows how each row was measured, by its name
 * @param figures in the order measured
 */
record Report(String date, String jdk, Machine machine, Scale scale, Map<String, Measured> rows, List<Figure> figures) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** One without figures, of this JVM on this machine, now. */
    static Report begin(Scale scale) throws IOException {
        return new Report(
                LocalDate.now(ZoneOffset.UTC).toString(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Machine.here(),
                scale,
                Map.of(),
                List.of());
    }

    /** Whether its figures and those of another stand side by side: same day, JVM, machine and scale. */
    boolean isLike(Report other) {
        return date.equals(other.date)
                && scale == other.scale
                && jdk.equals(other.jdk)
                && machine.isLike(other.machine);
    }

    /** JVM and machine, as they are shown. */
    String conditions() {
        return jdk + ", " + machine.text();
    }

    static Report read(Path file) {
        return JSON.readValue(file.toFile(), Report.class);
    }

    /** This report, with these figures in place of those it has of the same rows. */
    Report with(String row, Measured measured, List<Figure> newer) {
        Set<String> replaced = newer.stream().map(Figure::row).collect(Collectors.toSet());
        replaced.add(row);
        List<Figure> all = new ArrayList<>(figures);
        all.removeIf(figure -> replaced.contains(figure.row()));
        all.addAll(newer);
        Map<String, Measured> how = new LinkedHashMap<>(rows);
        how.put(row, measured);
        return new Report(date, jdk, machine, scale, how, all);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    /** The sizes that a row was measured with, in order. */
    Set<Integer> sizes(String row) {
        Set<Integer> sizes = new LinkedHashSet<>();
        for (Figure figure : figures) {
            if (figure.row().equals(row)) {
                sizes.add(figure.size());
            }
        }
        return sizes;
    }

    /** Who has a figure in a row, in the order of its table. */
    List<Entrant> entrants(Row row) {
        List<Entrant> present = new ArrayList<>();
        for (Entrant entrant : row.entrants) {
            if (sizes(row.row).stream()
                    .anyMatch(size -> median(row, size, entrant).isPresent())) {
                present.add(entrant);
            }
        }
        return present;
    }

    Optional<Double> median(Row row, int size, Entrant entrant) {
        return figures.stream()
                .filter(figure -> figure.row().equals(row.row)
                        && figure.size() == size
                        && figure.entrant().equals(entrant.name())
                        && figure.measure().equals(row.measure))
                .map(Figure::median)
                .findFirst();
    }
}
