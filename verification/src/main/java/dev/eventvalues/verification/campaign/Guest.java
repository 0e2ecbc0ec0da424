package dev.eventvalues.verification.campaign;

import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdException;
import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValue;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * One who makes a visit, and what it finds there.
 *
 * @param name that nobody else has
 * @param random what it chooses by; used by the thread of the visit alone
 * @param values what it visits
 * @param executor for what is not done on the thread of the visit
 * @param book in which it writes what it was given
 */
record Guest(String name, Random random, EtcdValues values, Executor executor, Guests book) {
    private static final int LONGEST_MILLIS = 60;
    private static final int LONGEST_PAUSE_NANOS = 2_000_000;

    /** How guests' names begin. */
    static final String TITLE = "guest ";

    EtcdRange<String> range() {
        return values.prefix("", Codec.utf8());
    }

    EtcdValue<String> value(String key) {
        return values.value(key, Codec.utf8());
    }

    /** A new connection. */
    EtcdValues connection() {
        return book.connection();
    }

    /** Some key. */
    String key() {
        return Writer.KEYS.get(random.nextInt(Writer.KEYS.size()));
    }

    /** A short time. */
    Duration moment() {
        return Duration.ofMillis(1 + random.nextInt(LONGEST_MILLIS));
    }

    void rest() {
        LockSupport.parkNanos(moment().toNanos());
    }

    /** Hardly any time. */
    void pause() {
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
    }

    void sees(String key, Optional<String> state) {
        isGiven(state);
        book.note(EventValuesClients.shown(name + " of " + key, key, state));
    }

    void sees(Snapshot<String> state) {
        isGiven(state);
        book.note(EventValuesClients.shown(name, state));
    }

    void sees(Changes<String> state) {
        isGiven(state);
        book.note(EventValuesClients.changed(name, state));
    }

    /** That it was given something of which nothing more is said. */
    void isGiven(Object state) {
        book.count(state);
    }

    void isRefused(Throwable failure) {
        if (failure instanceof EtcdException refusal) {
            book.note(new Sighting.OfRefusal(name, System.nanoTime(), refusal.toString()));
        } else {
            failure.printStackTrace();
            book.note(new Sighting.OfSurprise(name, System.nanoTime(), failure.toString()));
        }
    }
}
