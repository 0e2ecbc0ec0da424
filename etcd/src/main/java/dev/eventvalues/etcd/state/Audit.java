package dev.eventvalues.etcd.state;

import org.jspecify.annotations.Nullable;

/**
 * A second opinion: a reading of a span beside its watch, to find what the server never told. Servers have lost events.
 * Immutable.
 *
 * <p>Nothing is concluded from what may still be on its way, so the result is asked for some time after the reading.
 */
public final class Audit {
    /** What was known before the reading began. */
    private final Known before;

    private final Pages pages;

    private Audit(Known before, Pages pages) {
        this.before = before;
        this.pages = pages;
    }

    /**
     * Begins to read a span.
     *
     * @param span which keys
     * @param before what is known now
     * @param limits how much is asked for at once
     * @return before the first page
     */
    public static Audit of(Span span, Known before, Limits limits) {
        return new Audit(before, Pages.of(span, limits));
    }

    /**
     * The next page to be read.
     *
     * @param ticket to be returned
     * @return null once the reading is complete
     */
    public Command.@Nullable Read next(long ticket) {
        return pages.next(ticket);
    }

    /**
     * Takes a page.
     *
     * @param page what was read
     * @return the audit behind that page; null if it is of another store or makes no sense, so that no audit comes of it
     */
    public @Nullable Audit with(Event.Page page) {
        Origin origin = pages.origin(page);
        if (page.origin().clusterId() != before.origin().clusterId() || origin.revision() < before.revision()) {
            return null;
        }
        try {
            return new Audit(before, pages.with(page));
        } catch (IllegalArgumentException nonsense) {
            return null;
        }
    }

    /**
     * A page was too much.
     *
     * @return the audit before a smaller page; null if there is none, so that no audit comes of it
     */
    public @Nullable Audit withSmallerPage() {
        Pages smaller = pages.smaller();
        return smaller == null ? null : new Audit(before, smaller);
    }

    /**
     * How many keys the server has not told of as they were when they were read.
     *
     * @param now what is known some time after the reading
     * @return 0 if all is well
     */
    public int lost(Known now) {
        var count = new Object() {
            int lost;
        };
        Tree<Item> heldNow = now.items();
        Tree<Item> heldBefore = before.items();
        Origin pinned = pages.pinned();
        if (pinned != null && heldNow != null && heldBefore != null && now.epoch() == before.epoch()) {
            long revision = pinned.revision();
            Tree.diff(heldNow, pages.items(), (key, held, is) -> {
                if (is == null) {
                    // it was absent; we have it from later, or we have missed its removal
                    count.lost += held != null && held.modRevision() <= revision ? 1 : 0;
                } else if (held == null) {
                    // it was there; it has been removed since, unless it should have been known before
                    boolean missed = is.modRevision() <= before.revision() && heldBefore.get(key) == null;
                    count.lost += missed ? 1 : 0;
                } else if (held.modRevision() < is.modRevision()) {
                    count.lost++;
                }
            });
        }
        return count.lost;
    }
}
