package dev.eventvalues.verification.states;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Members that hold one store, each as far as it has come; until another store takes its place. */
final class Cluster {
    private final Clock clock;
    private final int[] applied;
    private final boolean[] slow;

    /** At most one is cut off from the others, so that they can go on. */
    private int cutOff = -1;

    private Store store = Store.empty(1, 7, 1_000);
    private final List<Store> stores = new ArrayList<>(List.of(store));
    private final List<Long> since = new ArrayList<>(List.of(0L));

    Cluster(Clock clock, int members) {
        this.clock = clock;
        this.applied = new int[members];
        this.slow = new boolean[members];
    }

    int members() {
        return applied.length;
    }

    Store store() {
        return store;
    }

    /** The store there was at a time. */
    Store storeAt(long time) {
        int last = stores.size() - 1;
        while (since.get(last) > time) {
            last--;
        }
        return stores.get(last);
    }

    /** What a member knows. */
    Store.Head head(int member) {
        return store.head(applied[member]);
    }

    /** Whether a member can answer a linearizable read. It has come as far as all the others then. */
    boolean confirms(int member) {
        if (member == cutOff) {
            return false;
        }
        applied[member] = store.last();
        return true;
    }

    boolean isCutOff(int member) {
        return member == cutOff;
    }

    boolean write(List<Store.Write> writes) {
        boolean written = store.write(writes, clock.now());
        spread();
        return written;
    }

    void compact(long revision) {
        store.compact(revision);
        spread();
    }

    void elect() {
        store.elect();
        spread();
    }

    void cutOff(int member) {
        cutOff = applied.length > 1 ? member : -1;
        spread();
    }

    /** A member applies what was agreed on later than it could. */
    void slow(int member, boolean now) {
        slow[member] = now;
        spread();
    }

    void replace(Store other) {
        store = other;
        stores.add(other);
        since.add(clock.now());
        Arrays.fill(applied, other.last());
    }

    void heal() {
        Arrays.fill(slow, false);
        cutOff(-1);
    }

    private void spread() {
        for (int member = 0; member < applied.length; member++) {
            if (!slow[member] && member != cutOff) {
                applied[member] = store.last();
            }
        }
    }
}
