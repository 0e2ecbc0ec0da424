package dev.eventvalues.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells how far a run is, how long each row took, and what did not finish. Not safe to share. */
final class Progress {
    private final PrintStream out;
    private final int rows;
    private final long began = System.nanoTime();
    private final List<String> unfinished = new ArrayList<>();

    private int row;
    private String name = "";
    private int steps;
    private int step;
    private long rowBegan;

    Progress(PrintStream out, int rows) {
        this.out = out;
        this.rows = rows;
    }

    /** The next row begins; it will take so many steps. */
    void begin(String name, int steps) {
        this.name = name;
        this.steps = steps;
        row++;
        step = 0;
        rowBegan = System.nanoTime();
        out.println("[" + row + " of " + rows + "] " + name);
    }

    /** The next step of the row begins. */
    void step(String what) {
        step++;
        at(what);
    }

    /** The same step goes on, with something else. */
    void at(String what) {
        out.println("  " + name + " " + step + " of " + steps + ": " + what);
    }

    void figure(Figure figure) {
        out.printf(
                Locale.ROOT,
                "%-16s %,9d  %-20s %-9s %14s %s%n",
                figure.row(),
                figure.size(),
                figure.entrant(),
                figure.measure(),
                Rounded.of(figure.median()),
                figure.unit());
    }

    /** The row cannot be measured here. */
    void leftOut(String why) {
        out.println("  left out: " + why);
    }

    /** Something has no figure, and why. The run goes on. */
    void unfinished(String why) {
        unfinished.add(why);
        out.println("  " + why);
    }

    /** The row is over. Returns the seconds it took. */
    long end() {
        long now = System.nanoTime();
        out.println("[" + row + " of " + rows + "] " + name + " took " + time(now - rowBegan) + ", all so far "
                + time(now - began));
        return TimeUnit.NANOSECONDS.toSeconds(now - rowBegan);
    }

    /** The run is over. Returns whether everything was finished. */
    boolean finish() {
        out.println(row + (row == 1 ? " row" : " rows") + " in " + time(System.nanoTime() - began));
        unfinished.forEach(why -> out.println("no figure: " + why));
        return unfinished.isEmpty();
    }

    private static String time(long nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
