package dev.eventvalues.benchmarks;

import java.util.List;

/**
 * A measurement that JMH cannot make, because threads wait or memory is counted.
 *
 * @param <E> who takes part
 */
interface Harness<E extends Entrant> {
    /** Measures in this JVM. */
    List<Figure> measure(E entrant, Scale scale) throws InterruptedException;

    List<E> entrants();

    /** Measures the one of that name. */
    default List<Figure> measure(String entrant, Scale scale) throws InterruptedException {
        for (E each : entrants()) {
            if (each.name().equals(entrant)) {
                return measure(each, scale);
            }
        }
        throw new IllegalArgumentException(entrant + " takes no part");
    }

    /** Whether it must run on one processor, so that no idle one has to be woken. */
    default boolean pinned() {
        return false;
    }

    /** Whether this JVM can run it. */
    default boolean possible() {
        return true;
    }
}
