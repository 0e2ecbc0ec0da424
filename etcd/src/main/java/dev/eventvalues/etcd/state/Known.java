package dev.eventvalues.etcd.state;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a span: its keys at one revision.
 *
 * @param items the keys present at {@code revision}; null before the first complete reading
 * @param origin the cluster, and the revision up to which nothing is missing
 * @param epoch counts the stores: it grows when another store answers (a restored backup, another cluster), whose
 *     revisions cannot be compared with those before
 * @param trouble why nothing newer is to be had; null while all is well
 * @param standing how far this is proved to be the newest
 */
public record Known(
        @Nullable Tree<Item> items,
        Origin origin,
        int epoch,
        @Nullable Trouble trouble,
        Standing standing) {
    /** No cluster of etcd has this id. */
    private static final long NO_CLUSTER = 0;

    /** Before anything is known. */
    public static final Known NOTHING = new Known(null, new Origin(0, 0), 1, null, Standing.NONE);

    /** Nothing will ever follow. Of no epoch. */
    public static final Known CLOSED = new Known(null, new Origin(0, 0), 0, null, Standing.NONE);

    /**
     * The revision up to which nothing is missing.
     *
     * @return 0 before the first complete reading
     */
    public long revision() {
        return origin.revision();
    }

    /**
     * The trouble, if consumers are to be told.
     *
     * @return null if there is none, or it may pass
     */
    public @Nullable Trouble refusal() {
        return trouble != null && trouble.kind().isPermanent() ? trouble : null;
    }

    /**
     * Whether nothing will ever follow.
     *
     * @return true for {@link #CLOSED}
     */
    public boolean closed() {
        return equals(CLOSED);
    }

    Known with(@Nullable Trouble now) {
        return Objects.equals(now, trouble) ? this : new Known(items, origin, epoch, now, standing);
    }

    Known with(Standing now) {
        return now.equals(standing) ? this : new Known(items, origin, epoch, trouble, now);
    }

    /** The next state of the same store. */
    Known at(@Nullable Tree<Item> newItems, Origin newOrigin) {
        return new Known(newItems, newOrigin, epoch, trouble, standing);
    }

    /**
     * A complete reading, proved to be the newest there is, or at the revision that is known: an older or foreign one starts
     * an epoch. So does one that has what cannot have become of what is known, or at the same revision anything else: a
     * backup may have overtaken us before we met it.
     *
     * @param doubted whether it is known that we have not been told everything, so that what is new here may be what we
     *     missed
     */
    Known read(Tree<Item> fresh, Origin newOrigin, boolean doubted) {
        Tree<Item> rebased = items == null ? fresh : items.rebase(fresh, Item::sameWrite);
        // what was proved of another store proves nothing of this one
        return !succeeds(newOrigin) || !canBecome(rebased, newOrigin.revision(), doubted)
                ? new Known(rebased, newOrigin, epoch + 1, null, Standing.NONE)
                : new Known(rebased, newOrigin, epoch, null, standing);
    }

    private boolean canBecome(Tree<Item> later, long at, boolean doubted) {
        if (items == null) {
            return true;
        }
        var store = new Object() {
            boolean same = true;
        };
        Tree.diff(items, later, (key, held, read) -> {
            store.same &= read == null
                    ? doubted || at > revision()
                    : !(doubted ? goesBack(held, read) : wasMissed(held, read));
        });
        return store.same;
    }

    /** In one store, what a key holds has a revision of its own, and each write a higher one. */
    private static boolean goesBack(@Nullable Item held, Item read) {
        return held != null && read.modRevision() <= held.modRevision();
    }

    /** Whether it was written, or the key created, when we knew all there was. */
    private boolean wasMissed(@Nullable Item held, Item read) {
        boolean created = held == null || held.createRevision() != read.createRevision();
        return read.modRevision() <= revision() || (created && read.createRevision() <= revision());
    }

    /** The same, to be read again: whatever answers is another store than that which told this. */
    Known ofAnotherStore() {
        return at(items, new Origin(NO_CLUSTER, origin.revision()));
    }

    /** Whether this comes from a store that is known not to exist any more. */
    private boolean isOfAnotherStore() {
        return items != null && origin.clusterId() == NO_CLUSTER;
    }

    /**
     * Whether a step of a feed has brought to light that the store was replaced by another.
     *
     * @param before what was known before the step
     * @return false if it was known before
     */
    public boolean tellsOfAnotherStore(Known before) {
        return !before.isOfAnotherStore() && (isOfAnotherStore() || epoch > before.epoch);
    }

    /** Whether an answer can come from the same store, not before what is known. */
    boolean succeeds(Origin answer) {
        Proof proof = standing.proof();
        return items == null || (answer.succeeds(origin) && answer.isNotBeforeTerm(proof == null ? 0 : proof.term()));
    }
}
