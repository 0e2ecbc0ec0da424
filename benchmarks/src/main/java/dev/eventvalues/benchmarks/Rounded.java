package dev.eventvalues.benchmarks;

import java.util.Locale;

/** Figures as they are shown: three digits, as no more are repeatable. */
final class Rounded {
    private Rounded() {}

    static String of(double number) {
        double size = Math.abs(number);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.0f";
        return String.format(Locale.ROOT, format, number);
    }
}
