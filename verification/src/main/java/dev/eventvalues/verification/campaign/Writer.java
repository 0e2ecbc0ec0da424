package dev.eventvalues.verification.campaign;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes all the time: more puts than removals, empty values, a value that was there before, two keys at once. */
final class Writer {
    static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");

    private static final int REST_MILLIS = 40;

    private final Journal journal;
    private final Random random;
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean over; // written by who stops it

    Writer(Journal journal, Random random) {
        this.journal = journal;
        this.random = random;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!over) {
            write();
            Scene.pass(Duration.ofMillis(random.nextInt(REST_MILLIS)));
        }
    }

    /** Writes something. */
    void write() {
        SortedMap<String, @Nullable String> writes = new TreeMap<>();
        int kind = random.nextInt(20);
        writes.put(
                key(),
                kind < 8
                        ? journal.nextValue()
                        : kind < 14 ? null : kind < 16 ? "" : kind < 18 ? "again" : journal.nextValue());
        if (kind >= 18) {
            writes.put(key(), random.nextBoolean() ? journal.nextValue() : null);
        }
        journal.write(writes);
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    /** Ends the writing, and waits until it has ended. */
    void stop() throws InterruptedException {
        over = true;
        thread.join();
    }
}
