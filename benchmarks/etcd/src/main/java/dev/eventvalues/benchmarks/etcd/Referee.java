package dev.eventvalues.benchmarks.etcd;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The program that has started this JVM and the server: takes figures, and does to the server what a client cannot. Each
 * message is a line on standard output; all but figures and what is measured now are answered by a line on standard input, once done.
 */
public final class Referee {
    /*
     * The lines, words separated by spaces:
     *
     *   now ROW SIZE                             what is measured from now on
     *   figure ROW SIZE MEASURE UNIT SAMPLE...   one figure
     *   fill PREFIX COUNT BYTES                  make sure that these keys are there
     *   write PREFIX COUNT BYTES                 write them, with other values than before
     *   memory ROW SIZE MEASURE                  measure the server's memory, as a figure
     *   watches ROW SIZE MEASURE                 count the server's watches, as a figure
     *   settle COUNT                             wait until the server has so many watches
     *   turn                                     give way to the other clients that take turns
     *   cut                                      cut the connections of this client
     */

    private final PrintStream out;
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    /** How many watches this client may have at once. */
    private final int mostWatches;

    Referee(PrintStream out, int mostWatches) {
        this.out = out;
        this.mostWatches = mostWatches;
    }

    boolean allows(int watches) {
        return watches <= mostWatches;
    }

    /** Says what is measured from now on. */
    void now(Trials row, int size) {
        say("now " + row + " " + size);
    }

    void figure(Trials row, int size, String measure, String unit, double... samples) {
        String words = Arrays.stream(samples)
                .mapToObj(sample -> String.format(Locale.ROOT, "%.4f", sample))
                .collect(Collectors.joining(" "));
        say("figure " + row + " " + size + " " + measure + " " + unit + " " + words);
    }

    /** Sees to it that keys {@link Keys#of} are there. They are not written by this client. */
    void fill(String prefix, int count, int bytes) throws IOException {
        ask("fill " + prefix + " " + count + " " + bytes);
    }

    /** Writes keys with new values. */
    void write(String prefix, int count, int bytes) throws IOException {
        beginToWrite(prefix, count, bytes);
        written();
    }

    /** Like {@link #write}, but does not wait. {@link #written} must follow. */
    void beginToWrite(String prefix, int count, int bytes) {
        say("write " + prefix + " " + count + " " + bytes);
    }

    /** Waits until all are written. */
    void written() throws IOException {
        answer();
    }

    void serverMemory(Trials row, int size, String measure) throws IOException {
        ask("memory " + row + " " + size + " " + measure);
    }

    void serverWatches(Trials row, int size) throws IOException {
        ask("watches " + row + " " + size + " server");
    }

    /** Waits until the server has so many watches, no more and no fewer. */
    void awaitWatches(int count) throws IOException {
        ask("settle " + count);
    }

    /** Waits until no other client measures; what this one has measured since the last turn counts as one round. */
    void turn() throws IOException {
        ask("turn");
    }

    void cut() throws IOException {
        ask("cut");
    }

    private void ask(String line) throws IOException {
        say(line);
        answer();
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private void answer() throws IOException {
        if (in.readLine() == null) {
            throw new IOException("the referee is gone");
        }
    }
}
