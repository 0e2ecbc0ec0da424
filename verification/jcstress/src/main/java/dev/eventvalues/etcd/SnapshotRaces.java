package dev.eventvalues.etcd;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Tree;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** What is immutable may be handed over without any order, and is seen whole. */
public final class SnapshotRaces {
    private static final int SIZE = 40; // more than one node
    private static final Key LAST = key(SIZE - 1);
    private static final Tree<Item> SOME = some();

    private SnapshotRaces() {}

    private static Key key(int number) {
        return Key.of("key-" + (100 + number));
    }

    private static Item item(int revision) {
        return new Item(new byte[] {1}, revision, revision, 1, 0);
    }

    private static Tree<Item> some() {
        Tree<Item> tree = Tree.empty();
        for (int i = 0; i < SIZE - 1; i++) {
            tree = tree.put(key(i), item(i + 1));
        }
        return tree;
    }

    private static Known known() {
        return new Known(SOME.put(LAST, item(SIZE)), new Origin(1, SIZE), 1, null, Known.NOTHING.standing());
    }

    /** What is known of a span, and the tree in it. */
    @JCStressTest
    @Outcome(
            id = {"0, 0, 0", "40, 40, 40"},
            expect = ACCEPTABLE,
            desc = "none, or whole")
    @Outcome(expect = FORBIDDEN, desc = "half of it")
    @State
    public static class KnownByRace {
        private @Nullable Known shared;

        @Actor
        public void writer() {
            shared = known();
        }

        @Actor
        public void reader(III_Result r) {
            Known seen = shared;
            if (seen != null) {
                Tree<Item> items = seen.items();
                r.r1 = (int) seen.revision();
                r.r2 = items == null ? -1 : items.size();
                Item last = items == null ? null : items.get(LAST);
                r.r3 = last == null ? -1 : (int) last.modRevision();
            }
        }
    }

    /** The snapshot that consumers get. */
    @JCStressTest
    @Outcome(
            id = {"0, 0, 0", "40, 40, 1"},
            expect = ACCEPTABLE,
            desc = "none, or whole")
    @Outcome(expect = FORBIDDEN, desc = "half of it")
    @State
    public static class SnapshotByRace {
        @SuppressWarnings("NullAway") // it is asked for nothing
        private static final Keyspace KEYS = new Keyspace(null, Key.of(""));

        private static final RangeSnapshot<Integer> BEFORE = RangeSnapshot.before(KEYS, (key, value) -> (int) value[0])
                .at(new Known(SOME, new Origin(1, SIZE - 1), 1, null, Known.NOTHING.standing()));

        private @Nullable Snapshot<Integer> shared;

        @Actor
        public void writer() {
            shared = BEFORE.at(known());
        }

        @Actor
        public void reader(III_Result r) {
            Snapshot<Integer> seen = shared;
            if (seen != null) {
                r.r1 = (int) seen.revision();
                r.r2 = seen.values().size();
                r.r3 = seen.get(LAST).orElse(-1);
            }
        }
    }
}
