package dev.eventvalues.verification.campaign;

import java.util.List;

/**
 * All that is known of one schedule that was carried out.
 *
 * @param plan what was to happen
 * @param classic whether the control was tried
 * @param struck the faults that could be inflicted
 * @param log what happened when
 * @param truth what was there
 * @param testimony what was seen
 * @param misses who did not show what there was in time
 * @param convergedMillis how long after the last fault was healed; the last write under way counts too
 * @param outages when no member could serve the clients, and the watchers were awake
 * @param requests how many the clients made, as far as known
 * @param feeds how many keys and ranges they followed
 * @param seconds how long
 * @param watchesLeft on the servers, when the clients had closed
 */
record Case(
        Plan plan,
        boolean classic,
        List<Blow> struck,
        List<String> log,
        Truth truth,
        Order.Testimony testimony,
        List<String> misses,
        long convergedMillis,
        List<Period> outages,
        long requests,
        int feeds,
        double seconds,
        long watchesLeft) {
    /** Some time, as {@link System#nanoTime} has it. */
    record Period(long from, long to) {}
}
