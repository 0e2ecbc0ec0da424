package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdRequestException;
import dev.eventvalues.testkit.EtcdStore;
import dev.eventvalues.testkit.KeyValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the range that is watched, and enters each write in a journal in the same transaction. Whatever the writer
 * was told, the journal says what was committed, and the revision of an entry says when.
 *
 * <p>Safe for use by several threads, which wait for each other.
 */
final class Journal {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final EtcdCluster cluster;
    private final EtcdStore hurried;
    private final String data;
    private final String entries;

    // guarded by this
    private final List<Truth.Store> replaced = new ArrayList<>();
    private final List<Truth.Answer> answers = new ArrayList<>();
    private int attempts;
    private long begin;

    private final int attemptsBefore;

    private Journal(EtcdCluster cluster, String data, String entries, int attemptsBefore) {
        this.cluster = cluster;
        this.hurried = cluster.within(PATIENCE);
        this.data = data;
        this.entries = entries;
        this.attemptsBefore = attemptsBefore;
        this.attempts = attemptsBefore;
    }

    Journal(EtcdCluster cluster, String prefix) {
        this(cluster, prefix + "data/", prefix + "journal/", 0);
    }

    /** A new journal of the same keys, for when these are all removed and this one is erased. No value comes again. */
    synchronized Journal next() {
        return new Journal(cluster, data, entries, attempts);
    }

    /** Removes the entries; nobody writes any more. */
    synchronized void erase() {
        cluster.deletePrefix(entries);
    }

    /** The prefix of the keys that are watched. */
    String data() {
        return data;
    }

    /** A name for the next operation, as a value that no other writes. */
    synchronized String nextValue() {
        return "op" + attempts;
    }

    /**
     * Tries to write, once.
     *
     * @param writes the new value of each key, null to remove it
     */
    synchronized void write(SortedMap<String, @Nullable String> writes) {
        int attempt = attempts++;
        StringBuilder entry = new StringBuilder();
        writes.forEach((key, value) ->
                entry.append(key).append(value == null ? "-" : "=" + value).append('\n'));
        try {
            long revision = hurried.transaction(all -> {
                all.put(String.format(Locale.ROOT, "%s%06d", entries, attempt), entry.toString());
                writes.forEach((key, value) -> {
                    if (value == null) {
                        all.delete(data + key);
                    } else {
                        all.put(data + key, value);
                    }
                });
            });
            answers.add(new Truth.Answer(replaced.size(), revision, Instant.now()));
        } catch (EtcdRequestException | IllegalStateException e) {
            // perhaps it was written, perhaps not: the journal will tell
        }
    }

    /** How many writes were tried. */
    synchronized int attempts() {
        return attempts - attemptsBefore;
    }

    /** Keeps what was committed, while the store is replaced by an earlier state of it. */
    synchronized void whileStoreIsReplaced(Runnable replacement) {
        Truth.Store before = read();
        replacement.run();
        replaced.add(before);
        begin = cluster.revision();
    }

    /** All that was committed, once nobody writes any more. */
    synchronized Truth truth() {
        List<Truth.Store> stores = new ArrayList<>(replaced);
        stores.add(read());
        return new Truth(stores, answers);
    }

    private Truth.Store read() {
        TreeMap<Long, SortedMap<String, @Nullable String>> committed = new TreeMap<>();
        for (KeyValue entry : cluster.entries(entries)) {
            committed.put(entry.modRevision(), parse(entry.valueText()));
        }
        return Truth.Store.of(begin, committed);
    }

    private static SortedMap<String, @Nullable String> parse(String entry) {
        SortedMap<String, @Nullable String> writes = new TreeMap<>();
        entry.lines().forEach(line -> {
            int mark = line.endsWith("-") && !line.contains("=") ? line.length() - 1 : line.indexOf('=');
            writes.put(line.substring(0, mark), line.charAt(mark) == '-' ? null : line.substring(mark + 1));
        });
        return writes;
    }
}
