package dev.eventvalues.verification.campaign;

import java.util.Locale;

/**
 * What there is of the watchers when a round of a soak is over: the fault is healed, all show what there is, the guests have
 * left.
 *
 * @param round of the soak; 0 has no fault
 * @param minutes since the soak began
 * @param fault that was last
 * @param convergedMillis how long after it was healed all showed what there was
 * @param guests how many have come and gone since the soak began
 * @param process what the process with the watchers takes
 * @param watches how many there are on the servers
 */
record Sample(
        int round, double minutes, String fault, long convergedMillis, long guests, Footprint process, int watches) {
    private static final double MEGABYTE = 1 << 20;

    /** Whether there is as much of all that has to stay the same. */
    boolean countsAs(Sample other) {
        return hasOpenAsMuchAs(other) && watches == other.watches;
    }

    /** Whether there are as many threads and files. */
    boolean hasOpenAsMuchAs(Sample other) {
        return process.ownThreads().equals(other.process.ownThreads())
                && process.files() == other.process.files()
                && process.sockets().size() == other.process.sockets().size();
    }

    /** When it was, for people. */
    String moment() {
        return String.format(Locale.ROOT, "round %d, at %.1f min, after: %s", round, minutes, fault);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: converged in %d ms; %d guests so far; heap floor %.2f MB, %d threads and %d of gRPC's pool, %d files,"
                        + " %d of them sockets, %d watches",
                moment(),
                convergedMillis,
                guests,
                process.heapBytes() / MEGABYTE,
                process.ownThreadCount(),
                process.pooledThreads(),
                process.files(),
                process.sockets().size(),
                watches);
    }

    static final String TABLE_HEAD =
            "round,minutes,fault,converged ms,guests,heap bytes,threads,pooled threads,files,sockets,watches";

    /** One line of a table with commas. */
    String tableLine() {
        return String.format(
                Locale.ROOT,
                "%d,%.2f,\"%s\",%d,%d,%d,%d,%d,%d,%d,%d",
                round,
                minutes,
                fault,
                convergedMillis,
                guests,
                process.heapBytes(),
                process.ownThreadCount(),
                process.pooledThreads(),
                process.files(),
                process.sockets().size(),
                watches);
    }
}
