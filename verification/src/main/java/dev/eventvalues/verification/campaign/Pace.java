package dev.eventvalues.verification.campaign;

import java.io.Serializable;

/**
 * How eagerly consumers take what is new.
 *
 * @param restMillis how long they rest after each; negative: they take nothing at all
 */
record Pace(long restMillis) implements Serializable {
    static final Pace EAGER = new Pace(0);
    static final Pace NONE = new Pace(-1);

    static Pace resting(long millis) {
        return new Pace(millis);
    }
}
