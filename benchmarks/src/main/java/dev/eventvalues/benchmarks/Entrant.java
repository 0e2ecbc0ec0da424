package dev.eventvalues.benchmarks;

import org.jspecify.annotations.Nullable;

/** What has a line in a table and a bar in a chart. Each kind is an enum, in the order of the lines. */
interface Entrant {
    /** As kept with the figures. */
    String name();

    /** As shown. */
    String title();

    Side side();

    /** Whose figures its own are compared with; null if no other's. */
    @Nullable
    Entrant reference();

    /** On which side of the comparison it stands. */
    enum Side {
        OURS,
        PEER,
        /** Less than a value must do: it shows what remains to be gained. */
        FLOOR
    }
}
