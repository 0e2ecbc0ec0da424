package dev.eventvalues.benchmarks;

/** One contender has no figure; the others may. */
final class Unfinished extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    Unfinished(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
