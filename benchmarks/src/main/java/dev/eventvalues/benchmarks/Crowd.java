package dev.eventvalues.benchmarks;

/** Many that wait for the next state of one cell, again and again. */
interface Crowd {
    /** Sets once, while all wait, and returns when all wait again. */
    Wake wake(Object state) throws InterruptedException;

    /** Lets them all go. */
    void end() throws InterruptedException;

    /**
     * How long one {@code set} took.
     *
     * @param returnedNanos until it returned
     * @param allNanos until the last had the state
     */
    record Wake(long returnedNanos, long allNanos) {}
}
