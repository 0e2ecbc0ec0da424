package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Span;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Feeds by their spans, of which there is one each.
 *
 * <p>Guarded by whoever has it.
 */
final class FeedTable {
    /*
     * There may be a hundred thousand, so they are in an array, not in the entries of a map: each feed is at the place
     * that its span's hash chooses, or at the next that was free. At most one of two places is taken: with three of four,
     * eight are looked at for a feed that is not there.
     */
    private static final int FEWEST = 8;

    private @Nullable LiveFeed[] places = new LiveFeed[FEWEST];
    private int size;

    /** Spans that differ little get hashes that differ in all bits. */
    static int hash(Span span) {
        int product = span.hashCode() * 0x9E3779B9; // 2^32 divided by the golden ratio: its upper bits are well mixed
        return product ^ (product >>> 16);
    }

    /** The feed of a span; null if there is none. */
    @Nullable
    LiveFeed get(Span span) {
        return places[place(span)];
    }

    /** Adds a feed whose span has none yet. */
    void add(LiveFeed feed) {
        if ((size + 1) * 2 > places.length) {
            List<LiveFeed> all = all();
            places = new LiveFeed[places.length + places.length / 2];
            all.forEach(this::put);
        }
        put(feed);
        size++;
    }

    /** Takes a feed out, if it is in. */
    void remove(LiveFeed feed) {
        int place = place(feed.span());
        if (!feed.equals(places[place])) {
            return;
        }
        places[place] = null;
        size--;
        // those behind it, up to the next free place, may be there because its place was taken
        for (int next = after(place); places[next] != null; next = after(next)) {
            LiveFeed moved = Objects.requireNonNull(places[next]);
            places[next] = null;
            put(moved);
        }
    }

    /** All, in no order. */
    List<LiveFeed> all() {
        return Arrays.stream(places).filter(Objects::nonNull).toList();
    }

    void clear() {
        places = new LiveFeed[FEWEST];
        size = 0;
    }

    private void put(LiveFeed feed) {
        places[place(feed.span())] = feed;
    }

    /** Where the feed of a span is, or would be put. */
    private int place(Span span) {
        int place = (int) ((Integer.toUnsignedLong(hash(span)) * places.length) >>> Integer.SIZE);
        for (LiveFeed there = places[place]; there != null && !there.span().equals(span); there = places[place]) {
            place = after(place);
        }
        return place;
    }

    private int after(int place) {
        return place + 1 == places.length ? 0 : place + 1;
    }
}
