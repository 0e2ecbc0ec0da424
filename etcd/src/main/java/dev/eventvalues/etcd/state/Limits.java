package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import org.jspecify.annotations.Nullable;

/**
 * How much of a span is kept, lest one that has grown out of all proportion exhausts the heap, and how much of it is read
 * at once.
 *
 * @param keys the most keys
 * @param bytes the most bytes, counted by {@link #cost}
 * @param pageKeys the most keys of one page
 */
public record Limits(int keys, long bytes, int pageKeys) {
    /** No limit. */
    static final Limits NONE = new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

    /** About what a key costs here beyond its own bytes and those of its value. */
    public static final int OVERHEAD = 200;

    /** What an item counts. */
    static long cost(Key key, @Nullable Item item) {
        return item == null ? 0 : (long) key.length() + item.value().length + OVERHEAD;
    }

    /** What is wrong with a span of this size; null if nothing is. */
    @Nullable
    Trouble exceededBy(Span span, int count, long size) {
        if (count > keys) {
            return tooLarge(span, "more than " + keys + " keys; raise maxKeys");
        }
        return size > bytes
                ? tooLarge(
                        span,
                        "more than " + bytes + " bytes in keys and values, each key counting " + OVERHEAD
                                + " more; raise maxBytes")
                : null;
    }

    private static Trouble tooLarge(Span span, String what) {
        return new Trouble(Trouble.Kind.TOO_LARGE, "the " + span + " have " + what + ", or follow fewer keys");
    }
}
