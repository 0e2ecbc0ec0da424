package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One figure of one contender in one row.
 *
 * @param row the work, such as {@code set}
 * @param size how many watchers, waiters or producers
 * @param entrant the name of an {@link Entrant}
 * @param measure what of it, such as {@code cpu}
 * @param unit of the numbers
 * @param median of the samples
 * @param low the lowest sample
 * @param high the highest
 * @param samples how many
 */
record Figure(
        String row,
        int size,
        String entrant,
        String measure,
        String unit,
        double median,
        double low,
        double high,
        int samples) {
    static Figure of(String row, int size, Entrant entrant, String measure, String unit, double... samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        return new Figure(
                row, size, entrant.name(), measure, unit, median(sorted), sorted[0], sorted[count - 1], count);
    }

    /** One figure for those of several JVMs: the median of their medians, as a JVM is consistently fast or slow. */
    static List<Figure> together(List<Figure> figures) {
        Map<Object, List<Figure>> same = new LinkedHashMap<>();
        for (Figure figure : figures) {
            Object what = List.of(figure.row, figure.size, figure.entrant, figure.measure);
            same.computeIfAbsent(what, first -> new ArrayList<>()).add(figure);
        }
        return same.values().stream().map(Figure::oneOf).toList();
    }

    private static Figure oneOf(List<Figure> same) {
        Figure first = same.get(0);
        return new Figure(
                first.row,
                first.size,
                first.entrant,
                first.measure,
                first.unit,
                median(same.stream().mapToDouble(Figure::median).sorted().toArray()),
                same.stream().mapToDouble(Figure::low).min().orElseThrow(),
                same.stream().mapToDouble(Figure::high).max().orElseThrow(),
                same.stream().mapToInt(Figure::samples).sum());
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
