package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All figures of one run, and the machine they hold for.
 *
 * @param date of the run
 * @param jdk version and vendor
 * @param machine processor and system; never a name or a path
 * @param scale how long was measured
 * @param figures in the order measured
 */
record Report(String date, String jdk, String machine, Scale scale, List<Figure> figures) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Report of(String date, Scale scale, List<Figure> figures) throws IOException {
        String jdk = System.getProperty("java.vendor") + " " + Runtime.version();
        int processors = Runtime.getRuntime().availableProcessors();
        String machine = String.format(
                Locale.ROOT,
                "%d × %s, %s %s",
                processors,
                processor(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        return new Report(date, jdk, machine, scale, List.copyOf(figures));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "processor";
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("processor");
        }
    }

    static Report read(Path file) {
        return JSON.readValue(file.toFile(), Report.class);
    }

    /** This report, with the rows that {@code newer} has taken from there. */
    Report with(Report newer) {
        List<Figure> all = new ArrayList<>(figures);
        all.removeIf(figure -> !newer.sizes(figure.row()).isEmpty());
        all.addAll(newer.figures);
        return new Report(newer.date, newer.jdk, newer.machine, newer.scale, all);
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
