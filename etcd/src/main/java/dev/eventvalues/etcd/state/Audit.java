package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion: a reading of a span beside its watch, to find what the server never told. Servers have lost events.
 * Immutable.
 *
 * <p>Nothing is concluded from what may still be on its way, so the result is asked for some time after the reading.
 */
public final class Audit {
    private final Span span;

    /** What was known before the reading began. */
    private final Known before;

    private final Tree<Item> read;

    /** Who answered, and the revision of all pages; null before the first. */
    private final @Nullable Origin pinned;

    private final @Nullable Key from;

    private Audit(Span span, Known before, Tree<Item> read, @Nullable Origin pinned, @Nullable Key from) {
        this.span = span;
        this.before = before;
        this.read = read;
        this.pinned = pinned;
        this.from = from;
    }

    /**
     * Begins an audit.
     *
     * @param span which keys
     * @param before what is known now
     * @return before the first page
     */
    public static Audit of(Span span, Known before) {
        return new Audit(span, before, Tree.empty(), null, span.from());
    }

    /**
     * The next page to be read.
     *
     * @param ticket to be returned
     * @return null once the reading is complete
     */
    public Command.@Nullable Read next(long ticket) {
        return from == null ? null : new Command.Read(ticket, from, pinned == null ? 0 : pinned.revision());
    }

    /**
     * Takes a page.
     *
     * @param page what was read
     * @return the audit behind that page; null if it is of another store, so that no audit comes of it
     */
    public @Nullable Audit with(Event.Page page) {
        Origin origin = pinned == null ? page.origin() : pinned;
        if (page.origin().clusterId() != before.origin().clusterId() || origin.revision() < before.revision()) {
            return null;
        }
        Tree<Item> more = read.append(Tree.ofSorted(page.items(), Map.Entry::getKey, Map.Entry::getValue));
        boolean last = !page.more() || page.items().isEmpty();
        return new Audit(
                span,
                before,
                more,
                origin,
                last
                        ? null
                        : Span.next(page.items().get(page.items().size() - 1).getKey()));
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
        if (pinned != null && heldNow != null && heldBefore != null && now.epoch() == before.epoch()) {
            long revision = pinned.revision();
            Tree.diff(heldNow, read, (key, held, is) -> {
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
