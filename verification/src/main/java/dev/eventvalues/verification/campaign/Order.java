package dev.eventvalues.verification.campaign;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/** What the process with the watchers is told to do; it answers each order with one object. */
sealed interface Order extends Serializable {
    /** To begin to watch. Answered with {@link Done}. */
    record Open(Access access, boolean classic) implements Order {}

    /** To wait until all consumers show this. Answered with {@link Arrival}. */
    record Await(SortedMap<String, String> state, long millis) implements Order {}

    /**
     * To let in those who come and go, until {@link Farewell}. Answered with {@link Done}.
     *
     * @param seed what they do
     * @param leak what is not cleaned up, to see whether it is found
     */
    record Welcome(long seed, Leak leak) implements Order {}

    /** To let nobody in any more, and wait until all guests have left. Answered with {@link Account}. */
    record Farewell() implements Order {}

    /** To take a sample of this process. Answered with {@link Footprint}. */
    record Measure() implements Order {}

    /** Answered with {@link Done}. */
    record Set(Pace pace) implements Order {}

    /** To end watchers, waits and a connection. Answered with {@link Endings}. */
    record Disturb() implements Order {}

    /** To stop watching. Answered with {@link Testimony}. */
    record Close() implements Order {}

    /** It is done. */
    record Done() implements Serializable {}

    /**
     * Whether it was so in time.
     *
     * @param nanos when it was so
     * @param missing who does not show it, and what they do show
     */
    record Arrival(boolean inTime, long nanos, String missing) implements Serializable {}

    /** How long it took to end some things. */
    record Endings(List<Ending> endings) implements Serializable {}

    /**
     * How long it took to end something.
     *
     * @param starvedMicros for how long threads of this process wanted a processor and had none meanwhile
     */
    record Ending(String what, long micros, long starvedMicros) implements Serializable {}

    /**
     * What came of one round.
     *
     * @param testimony what was seen since the last
     * @param visits how many guests there were, by what they did
     * @param deliveries how often a guest was given something
     */
    record Account(Testimony testimony, SortedMap<String, Long> visits, long deliveries) implements Serializable {}

    /** All that was seen, and what was left when all was closed. */
    record Testimony(List<Sighting> sightings, Endings endings, List<String> leftovers) implements Serializable {}
}
