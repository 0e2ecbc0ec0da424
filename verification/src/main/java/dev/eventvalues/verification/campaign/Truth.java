package dev.eventvalues.verification.campaign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was really in the range, at each revision.
 *
 * @param stores one, and one more for each backup that was restored
 * @param answers what the writer was told, in that order
 */
record Truth(List<Store> stores, List<Answer> answers) {
    Truth {
        stores = List.copyOf(stores);
        answers = List.copyOf(answers);
    }

    /**
     * That a write was done.
     *
     * @param store in which
     * @param revision of the write
     * @param at when the writer knew it
     */
    record Answer(int store, long revision, Instant at) {}

    /** A moment in the life of the stores. */
    record Moment(int store, long revision) implements Comparable<Moment> {
        static final Moment FIRST = new Moment(0, 0);

        @Override
        public int compareTo(Moment other) {
            return store != other.store ? Integer.compare(store, other.store) : Long.compare(revision, other.revision);
        }

        @Override
        public String toString() {
            return "revision " + revision + (store == 0 ? "" : " of store " + (store + 1));
        }
    }

    /**
     * What one store held.
     *
     * @param begin its revision when it took the place of the one before; 0 for the first
     * @param states the range at each revision that wrote to it, or tried to
     */
    record Store(long begin, NavigableMap<Long, SortedMap<String, Sighting.Held>> states) {
        static Store of(long begin, SortedMap<Long, SortedMap<String, @Nullable String>> committed) {
            NavigableMap<Long, SortedMap<String, Sighting.Held>> states = new TreeMap<>();
            SortedMap<String, Sighting.Held> now = Collections.emptySortedMap();
            states.put(0L, now);
            for (Map.Entry<Long, SortedMap<String, @Nullable String>> entry : committed.entrySet()) {
                SortedMap<String, Sighting.Held> next = new TreeMap<>(now);
                entry.getValue().forEach((key, value) -> {
                    if (value == null) {
                        next.remove(key);
                    } else {
                        next.put(key, new Sighting.Held(value, entry.getKey()));
                    }
                });
                now = Collections.unmodifiableSortedMap(next);
                states.put(entry.getKey(), now);
            }
            return new Store(begin, states);
        }

        SortedMap<String, Sighting.Held> at(long revision) {
            return states.floorEntry(revision).getValue();
        }
    }

    /** The range as it was in the end. */
    SortedMap<String, Sighting.Held> last() {
        return stores.get(stores.size() - 1).states().lastEntry().getValue();
    }

    /** The range at a moment. */
    SortedMap<String, Sighting.Held> at(Moment moment) {
        return stores.get(moment.store()).at(moment.revision());
    }

    /** All moments at which the range was written to from a moment on, that moment among them; in their order. */
    List<Moment> from(Moment first) {
        List<Moment> all = new ArrayList<>();
        for (int store = first.store(); store < stores.size(); store++) {
            Store held = stores.get(store);
            long begin = store == first.store() ? first.revision() : held.begin();
            int index = store;
            held.states()
                    .tailMap(held.states().floorKey(begin), true)
                    .keySet()
                    .forEach(revision -> all.add(new Moment(index, revision)));
        }
        return all;
    }

    /** The last write that was known to be done before a time. */
    Moment writtenBefore(Instant time) {
        return answers.stream()
                .filter(answer -> answer.at().isBefore(time))
                .map(answer -> new Moment(answer.store(), answer.revision()))
                .max(Moment::compareTo)
                .orElse(Moment.FIRST);
    }

    /** How many revisions are known. */
    int size() {
        return stores.stream().mapToInt(store -> store.states().size() - 1).sum();
    }

    /** Its end, as text. */
    String excerpt(int lines) {
        List<Moment> all = from(Moment.FIRST);
        StringBuilder text = new StringBuilder();
        for (Moment moment : all.subList(Math.max(0, all.size() - lines), all.size())) {
            text.append("  ").append(moment).append(": ").append(at(moment)).append('\n');
        }
        return text.toString();
    }
}
