package dev.eventvalues.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row drawn as horizontal bars, one group for each size and one bar for each entrant.
 *
 * <p>The scale is logarithmic when the largest figure is more than thirty times the smallest.
 */
final class ChartOfRow {
    private static final int BAR = 16;
    private static final int GROUP = 26;
    private static final int LEFT = 170;
    private static final int WIDTH = 460;
    private static final int TOP = 44;
    private static final int LOG_FROM = 30;

    private final Report report;
    private final Row row;
    private final StringBuilder svg = new StringBuilder();
    private int y = TOP;

    ChartOfRow(Report report, Row row) {
        this.report = report;
        this.row = row;
    }

    String svg() {
        List<Double> all = new ArrayList<>();
        for (Figure figure : report.figures()) {
            if (figure.row().equals(row.row) && figure.measure().equals(row.measure) && figure.median() > 0) {
                all.add(figure.median());
            }
        }
        double high = all.stream().mapToDouble(d -> d).max().orElse(1);
        double low = all.stream().mapToDouble(d -> d).min().orElse(1);
        boolean log = high > LOG_FROM * low;
        // The shortest bar of a logarithmic chart is still to be seen.
        double from = log ? low / 2 : 0;

        for (int size : report.sizes(row.row)) {
            if (!row.counted.isEmpty()) {
                text(10, y + 14, "bold", String.format(Locale.ROOT, "%,d %s", size, row.counted));
                y += GROUP;
            }
            for (Entrant entrant : report.entrants(row)) {
                report.median(row, size, entrant)
                        .ifPresent(median -> bar(entrant, median, length(median, from, high, log)));
            }
            y += BAR / 2;
        }
        return document(log);
    }

    private static double length(double median, double from, double high, boolean log) {
        if (median <= 0) {
            return 0;
        }
        return WIDTH * (log ? Math.log(median / from) / Math.log(high / from) : median / high);
    }

    private void bar(Entrant entrant, double median, double length) {
        String colour = switch (entrant.side()) {
            case OURS -> "#0b6e4f";
            case PEER -> "#7a8fb5";
            case FLOOR -> "#b0b0b0";
        };
        text(10, y + 12, "normal", entrant.title());
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LEFT,
                y,
                Math.max(1, length),
                BAR - 3,
                colour));
        text(LEFT + (int) length + 6, y + 12, "normal", Rounded.of(median) + " " + row.unit);
        y += BAR;
    }

    private void text(int x, int baseline, String weight, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>%n", x, baseline, weight, text));
    }

    private String document(boolean log) {
        String subtitle =
                (log ? "logarithmic; " : "") + (row.moreIsBetter() ? "more" : "less") + " is better; " + report.jdk();
        int width = LEFT + WIDTH + 110;
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                                + "<text x=\"10\" y=\"18\" font-size=\"15\" font-weight=\"bold\">%s</text>%n"
                                + "<text x=\"10\" y=\"34\" fill=\"#606060\">%s</text>%n",
                        width,
                        y + 10,
                        row.plainTitle(),
                        subtitle)
                + svg
                + "</svg>\n";
    }
}
