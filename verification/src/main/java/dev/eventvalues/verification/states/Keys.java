package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The few keys that everything here is about, by their number. */
final class Keys {
    private static final List<Key> ALL =
            List.of("a", "b", "c", "d", "e").stream().map(Key::of).toList();
    private static final Map<Key, Integer> NUMBERS = new HashMap<>();

    static {
        ALL.forEach(key -> NUMBERS.put(key, NUMBERS.size()));
    }

    /** How many there are. */
    static final int COUNT = ALL.size();

    private Keys() {}

    static Key key(int number) {
        return ALL.get(number);
    }

    /** The number of a key; -1 if it is none of these. */
    static int number(Key key) {
        return NUMBERS.getOrDefault(key, -1);
    }

    /** The numbers of the keys in a span, ascending. */
    static int[] in(Span span) {
        return IntStream.range(0, COUNT)
                .filter(number -> span.contains(key(number)))
                .toArray();
    }
}
