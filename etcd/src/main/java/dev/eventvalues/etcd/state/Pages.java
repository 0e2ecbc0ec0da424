package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading of a span: page by page, all at the revision of the first. Immutable.
 *
 * @param span which keys
 * @param limits how much is asked for at once
 * @param items those read
 * @param bytes what the items count, see {@link Limits#cost}
 * @param pinned who answered the first page; its revision is that of all pages. Null before the first, if that is to be
 *     at the newest revision
 * @param session in which all pages were asked for
 * @param from the first key of the next page; null once the reading is complete
 * @param keys how many keys the next page may have
 * @param target what a page should count
 */
record Pages(
        Span span,
        Limits limits,
        Tree<Item> items,
        long bytes,
        @Nullable Origin pinned,
        long session,
        @Nullable Key from,
        int keys,
        long target) {
    /*
     * With each page etcd counts all keys from there to the end of the span. So many small pages cost it the square of
     * the keys, and pages should be as large as the memory of both sides and the time of a request allow. But etcd takes
     * a number of keys, not of bytes, and nobody knows what keys ahead hold. So the first page is small, and the next has
     * as many keys as would make a good page if they were like the last; though never too many times more, as they may
     * not be. A page that turns out to be too much is asked for again with far fewer keys.
     */

    /** Keys of the first page: nothing is known of them. */
    static final int FIRST = 1_000;

    /** What a page should count: the server and we hold it several times over, for a moment. */
    static final long GOOD = 8 << 20;

    /** It is not worth while to aim at less. */
    static final long LEAST = GOOD / 64;

    /** How many times more keys the next page has at most, and how many times fewer one that was too much. */
    static final int STEP = 8;

    /** A reading that has not begun. */
    static Pages of(Span span, Limits limits) {
        int first = span.isOneKey() ? 1 : Math.min(FIRST, limits.pageKeys());
        return new Pages(span, limits, Tree.empty(), 0, null, 0, span.from(), first, GOOD);
    }

    /**
     * A reading at a revision that is known, so that it shows whether the store holds what is known of it.
     *
     * @param pinned where what is known comes from
     */
    static Pages at(Span span, Limits limits, Origin pinned) {
        Pages newest = of(span, limits);
        return new Pages(span, limits, newest.items, 0, pinned, 0, newest.from, newest.keys, newest.target);
    }

    /** Asks for the next page; null once the reading is complete. */
    Command.@Nullable Read next(long ticket) {
        return from == null ? null : new Command.Read(ticket, from, revision(), keys);
    }

    private long revision() {
        return pinned == null ? 0 : pinned.revision();
    }

    /** Whether a page was asked for in the same session as those before. */
    boolean isOfSession(Event.Page page) {
        return span.from().equals(from) || page.session() == session;
    }

    /** Who answered first, be it this page. */
    Origin origin(Event.Page page) {
        return pinned == null ? page.origin() : pinned;
    }

    /**
     * The reading behind a page.
     *
     * @throws IllegalArgumentException if no server can answer so
     */
    Pages with(Event.Page page) {
        requireSense(page);
        List<Map.Entry<Key, Item>> read = page.items();
        long size = 0;
        for (Map.Entry<Key, Item> item : read) {
            size += Limits.cost(item.getKey(), item.getValue());
        }
        boolean last = !page.more() || read.isEmpty();
        return new Pages(
                span,
                limits,
                items.append(Tree.ofSorted(read, item -> span.own(item.getKey()), Map.Entry::getValue)),
                bytes + size,
                origin(page),
                page.session(),
                last ? null : Span.next(read.get(read.size() - 1).getKey()),
                last ? keys : keysAfter(read.size(), size),
                target);
    }

    /** Keys are in order, so that those between the first and the last need no look. */
    private void requireSense(Event.Page page) {
        if (page.origin().revision() < 1) {
            throw new IllegalArgumentException(
                    "the store answers from revision " + page.origin().revision() + ", and revisions begin with 1");
        }
        List<Map.Entry<Key, Item>> items = page.items();
        if (!items.isEmpty()) {
            Key first = items.get(0).getKey();
            Key last = items.get(items.size() - 1).getKey();
            if (!span.contains(first) || !span.contains(last)) {
                throw new IllegalArgumentException(
                        "the answer goes from " + first + " to " + last + ", and was to be " + span);
            }
        }
    }

    private int keysAfter(int count, long size) {
        long good = count * target / size;
        return (int) Math.max(1, Math.min(Math.min(good, (long) keys * STEP), limits.pageKeys()));
    }

    /** The reading with a smaller next page, as the one asked for was too much; null if it cannot be smaller. */
    @Nullable
    Pages smaller() {
        return keys == 1
                ? null
                : new Pages(
                        span,
                        limits,
                        items,
                        bytes,
                        pinned,
                        session,
                        from,
                        Math.max(1, keys / STEP),
                        Math.max(LEAST, target / 2));
    }
}
