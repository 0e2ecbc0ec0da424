package dev.eventvalues.benchmarks;

/** One contender has no figure; the others may. */
final class Unfinished extends Exception {
    private static final long serialVersionUID = 1;

    Unfinished(String message) {
        super(message);
    }
}
