package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Judges what one feed shows, by what the store held. */
final class Referee {
    /** As many requests as a feed needs without a rest: two watches, a confirmation, two readings if a page is too large. */
    static final int REQUESTS_WITHOUT_REST = 5;

    private final int[] keys;

    Referee(int[] keys) {
        this.keys = keys;
    }

    /**
     * Judges the next that is shown.
     *
     * @param before what was shown before it, and from which store; null of nothing
     * @param newest whether it was read at the newest revision, as what was before is not to be had, or not worth the work
     */
    void shown(Known before, @Nullable Store from, Known now, @Nullable Store store, boolean newest) {
        Tree<Item> items = now.items();
        if (items == null || store == null) {
            if (before.items() != null) {
                throw Invariant.ORDER.broken("nothing is shown any more");
            }
            return;
        }
        if (before.items() != null && from != null) {
            if (now.epoch() < before.epoch() || (now.epoch() == before.epoch() && now.revision() < before.revision())) {
                throw Invariant.ORDER.broken(place(now) + " is shown after " + place(before));
            }
            boolean another = from.number != store.number;
            if (now.epoch() == before.epoch()
                    ? another && !isShared(before, store) && !(newest && canFollow(before, now))
                    : !another) {
                throw Invariant.ANOTHER_STORE.broken(
                        place(now) + " is of store " + store.number + ", " + place(before) + " was of " + from.number);
            }
        }
        if (now.revision() > store.revision()) {
            throw Invariant.NO_INVENTION.broken(place(now) + ", but the store has reached " + store.revision());
        }
        Invariant.Broken difference = difference(items, store.at(now.revision()), place(now));
        if (difference != null) {
            throw difference;
        }
    }

    /** Whether another store held the same at that revision, as one does that was restored from a backup behind it. */
    private boolean isShared(Known known, Store store) {
        Tree<Item> items = known.items();
        return items != null
                && known.revision() <= store.revision()
                && difference(items, store.at(known.revision()), place(known)) == null;
    }

    /** Whether nothing in a reading shows that it is not of the same store: all that differs was written later. */
    private boolean canFollow(Known before, Known now) {
        for (int key : keys) {
            Item was = before.items() == null ? null : before.items().get(Keys.key(key));
            Item is = now.items() == null ? null : now.items().get(Keys.key(key));
            if (is == null || (was != null && was.modRevision() == is.modRevision())) {
                continue; // removed, or the same
            }
            boolean created = was == null || was.createRevision() != is.createRevision();
            if (is.modRevision() <= before.revision() || (created && is.createRevision() <= before.revision())) {
                return false;
            }
        }
        return true;
    }

    private Invariant.@Nullable Broken difference(Tree<Item> items, @Nullable Item[] held, String place) {
        int present = 0;
        for (int key : keys) {
            Item shown = items.get(Keys.key(key));
            Item is = held[key];
            present += is == null ? 0 : 1;
            if ((shown == null) != (is == null)) {
                Item only = shown == null ? Objects.requireNonNull(is) : shown;
                return differs(
                        only.value().length == 0 ? Invariant.EMPTY_IS_NOT_ABSENT : Invariant.ATOMIC,
                        key,
                        shown,
                        is,
                        place);
            }
            if (shown != null && is != null) {
                if (shown.modRevision() != is.modRevision()) {
                    return differs(Invariant.ATOMIC, key, shown, is, place);
                }
                if (!Arrays.equals(shown.value(), is.value())
                        || shown.createRevision() != is.createRevision()
                        || shown.version() != is.version()) {
                    return differs(Invariant.NO_INVENTION, key, shown, is, place);
                }
            }
        }
        return items.size() == present
                ? null
                : Invariant.NO_INVENTION.broken(
                        items.size() + " keys are shown, there were " + present + " at " + place);
    }

    private static Invariant.Broken differs(
            Invariant invariant, int key, @Nullable Item shown, @Nullable Item is, String place) {
        return invariant.broken(
                Keys.key(key) + " is shown as " + show(shown) + ", and was " + show(is) + " at " + place);
    }

    /**
     * Judges freshness as consumers are told it.
     *
     * @param store what {@code known} is of
     * @param atProof the store there was when the proof was sent
     */
    void fresh(Known known, Proof proof, @Nullable Store store, Store atProof) {
        if (store == null || store.number < atProof.number) {
            throw Invariant.HONEST.broken("what is of a store that was replaced before counts as fresh");
        }
        if (store.hasChanged(keys, known.revision(), proof.nanoTime())) {
            throw Invariant.HONEST.broken(place(known) + " counts as fresh, proved by what was sent at "
                    + proof.nanoTime() / 1_000_000 + " ms, but the keys had changed by then");
        }
    }

    /** The proof by which something counts as fresh; null if it does not. As {@code FeedFreshness} has it. */
    static @Nullable Proof freshBy(Known known, long limitNanos, long nanoTime, Instant wall) {
        if (known.items() == null || known.trouble() != null || known.standing().pulse() == null) {
            return null;
        }
        Proof proof = known.standing().proof();
        return proof == null || proof.isOlderThan(limitNanos, nanoTime, wall) ? null : proof;
    }

    /** The text of a value. */
    static String text(Item item) {
        return new String(item.value(), StandardCharsets.ISO_8859_1);
    }

    static @Nullable String text(Known known, int key) {
        Item item = known.items() == null ? null : known.items().get(Keys.key(key));
        return item == null ? null : text(item);
    }

    private static String place(Known known) {
        return "revision " + known.revision() + " of epoch " + known.epoch();
    }

    private static String show(@Nullable Item item) {
        return item == null ? "absent" : "\"" + text(item) + "\" of revision " + item.modRevision();
    }

    /** What is known, for logs. */
    static String show(Known known) {
        if (known.items() == null) {
            return "nothing";
        }
        StringJoiner text = new StringJoiner(", ", "{", "} at " + place(known));
        for (Map.Entry<Key, Item> entry : known.items()) {
            text.add(entry.getKey() + "=" + text(entry.getValue()));
        }
        return text.toString();
    }
}
