package dev.eventvalues.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** What a program writes to its standard error: the first lines are passed on, the others counted. */
final class ErrorLines implements Runnable {
    private static final int SHOWN = 10;

    private final BufferedReader lines;
    private final PrintStream out;

    ErrorLines(BufferedReader lines, PrintStream out) {
        this.lines = lines;
        this.out = out;
    }

    /** Until the program ends. */
    @Override
    public void run() {
        int count = 0;
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (count++ < SHOWN) {
                    out.println(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            out.println("its standard error broke off: " + e.getMessage());
        }
        if (count > SHOWN) {
            out.println("(" + (count - SHOWN) + " more lines on its standard error)");
        }
    }
}
