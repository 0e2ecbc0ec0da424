package dev.eventvalues.benchmarks.etcd;

import java.util.List;
import java.util.stream.IntStream;

/** The keys that are written and followed. */
public final class Keys {
    private Keys() {}

    /** {@return the key at an index, of the same length at each} */
    public static String of(String prefix, int index) {
        String digits = Integer.toString(index);
        return prefix + "0".repeat(7 - digits.length()) + digits;
    }

    static List<String> of(String prefix, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> of(prefix, i)).toList();
    }
}
