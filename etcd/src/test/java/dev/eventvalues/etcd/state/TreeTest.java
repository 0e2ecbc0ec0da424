package dev.eventvalues.etcd.state;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.eventvalues.etcd.Key;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    /** A value with no equality but its own. */
    private static final class Value {
        private final String text;

        Value(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private record Changed(
            Key key, @Nullable Value before, @Nullable Value after) {}

    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final Key C = Key.of("c");
    private static final Value ONE = new Value("one");
    private static final Value TWO = new Value("two");

    private static Key key(int i) {
        return Key.of(ByteBuffer.allocate(4).putInt(i).array());
    }

    private static Tree<Value> sorted(Collection<Integer> keys) {
        return Tree.ofSorted(List.copyOf(keys), TreeTest::key, i -> new Value("value " + i));
    }

    private static Tree<Value> sorted(int size) {
        return sorted(IntStream.range(0, size).boxed().toList());
    }

    private static Tree<Value> toTree(Map<Key, Value> map) {
        Tree<Value> tree = Tree.empty();
        for (Map.Entry<Key, Value> entry : map.entrySet()) {
            tree = tree.put(entry.getKey(), entry.getValue());
        }
        return tree;
    }

    private static Map<Key, Value> toMap(Tree<Value> tree) {
        Map<Key, Value> map = new TreeMap<>();
        tree.forEach(map::put);
        return map;
    }

    private static List<Changed> diff(Tree<Value> before, Tree<Value> after) {
        List<Changed> changes = new ArrayList<>();
        Tree.diff(before, after, (key, was, now) -> changes.add(new Changed(key, was, now)));
        return changes;
    }

    private static List<Changed> naiveDiff(Map<Key, Value> before, Map<Key, Value> after) {
        Map<Key, Value> either = new TreeMap<>(before);
        either.putAll(after);
        return either.keySet().stream()
                .filter(key -> before.get(key) != after.get(key))
                .map(key -> new Changed(key, before.get(key), after.get(key)))
                .toList();
    }

    /** Checks order, sizes and balance of every node, and returns the number of nodes on the longest path. */
    private static int depthOfWellFormed(Tree<?> tree) {
        return depth(tree.root(), null, null);
    }

    private static int depth(@Nullable Node<?> node, @Nullable Key above, @Nullable Key below) {
        if (node == null) {
            return 0;
        }
        assertThat(above == null || node.key.compareTo(above) > 0).as("order").isTrue();
        assertThat(below == null || node.key.compareTo(below) < 0).as("order").isTrue();
        int left = Node.size(node.left) + 1;
        int right = Node.size(node.right) + 1;
        assertThat(node.size + 1).as("size").isEqualTo(left + right);
        assertThat(left <= 3 * right && right <= 3 * left)
                .as("balance of %d to %d", left, right)
                .isTrue();
        return 1 + Math.max(depth(node.left, above, node.key), depth(node.right, node.key, below));
    }

    private static Key longer(Key key) {
        return Key.of(ByteBuffer.allocate(key.length() + 1)
                .put((byte) 'x')
                .put(key.bytes())
                .array());
    }

    private static double log2(double n) {
        return Math.log(n) / Math.log(2);
    }

    @Nested
    class Content {
        @Test
        void theEmptyTreeHasNothing() {
            Tree<Value> tree = Tree.empty();
            assertThat(tree.size()).isZero();
            assertThat(tree.get(A)).isNull();
            assertThat(tree.firstEntry()).isNull();
            assertThat(tree.lastEntry()).isNull();
            assertThat(tree.rank(A)).isZero();
            assertThat(tree).isEmpty();
        }

        @Test
        void entriesComeInTheOrderOfTheirKeys() {
            Tree<Value> tree =
                    Tree.<Value>empty().put(B, TWO).put(C, ONE).put(A, ONE).put(Key.of("é"), TWO);
            assertThat(tree).containsExactly(entry(A, ONE), entry(B, TWO), entry(C, ONE), entry(Key.of("é"), TWO));
            assertThat(tree.firstEntry()).isEqualTo(entry(A, ONE));
            assertThat(tree.lastEntry()).isEqualTo(entry(Key.of("é"), TWO));
        }

        @Test
        void puttingTheSameValueAgainReturnsTheSameTree() {
            Tree<Value> tree = sorted(100).put(A, ONE);
            assertThat(tree.put(Key.of("a"), ONE)).isSameAs(tree);
            assertThat(tree.put(A, new Value("one"))).isNotSameAs(tree);
        }

        @Test
        void removingAnAbsentKeyReturnsTheSameTree() {
            Tree<Value> tree = sorted(100);
            assertThat(tree.remove(A)).isSameAs(tree);
        }

        @Test
        void removingTheLastKeyReturnsTheEmptyTree() {
            assertThat(Tree.<Value>empty().put(A, ONE).remove(A)).isSameAs(Tree.empty());
        }

        @Test
        void nullIsRefused() {
            Tree<Value> tree = Tree.empty();
            assertThatNullPointerException().isThrownBy(() -> tree.get(null));
            assertThatNullPointerException().isThrownBy(() -> tree.rank(null));
            assertThatNullPointerException().isThrownBy(() -> tree.remove(null));
            assertThatNullPointerException().isThrownBy(() -> tree.put(null, ONE));
            assertThatNullPointerException().isThrownBy(() -> tree.put(A, null));
        }

        @Test
        void theTextCountsKeysAndShowsNoValue() {
            assertThat(Tree.<Value>empty().put(A, ONE)).hasToString("{1 key}");
            assertThat(sorted(3)).hasToString("{3 keys}");
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
        void aTreeHoldsWhatAJavaTreeMapHolds(long seed) {
            Random random = new Random(seed);
            int keys = 1 << random.nextInt(2, 10);
            TreeMap<Key, Value> expected = new TreeMap<>();
            Tree<Value> tree = Tree.empty();
            for (int step = 0; step < 2_000; step++) {
                String where = "seed " + seed + ", step " + step;
                Key key = key(random.nextInt(keys));
                if (random.nextInt(5) < 3) {
                    Value value = new Value(where);
                    expected.put(key, value);
                    tree = tree.put(key, value);
                } else {
                    expected.remove(key);
                    tree = tree.remove(key);
                }
                Key from = key(random.nextInt(keys));
                Key to = key(random.nextInt(keys));
                assertThat(tree.get(key)).as(where).isSameAs(expected.get(key));
                assertThat(tree.get(from)).as(where).isSameAs(expected.get(from));
                assertThat(tree.size()).as(where).isEqualTo(expected.size());
                assertThat(tree.rank(from))
                        .as(where)
                        .isEqualTo(expected.headMap(from).size());
                assertThat(tree.firstEntry()).as(where).isEqualTo(expected.firstEntry());
                assertThat(tree.lastEntry()).as(where).isEqualTo(expected.lastEntry());
                if (step % 50 == 0) {
                    List<Map.Entry<Key, Value>> entries = List.copyOf(expected.entrySet());
                    Tree<Value> now = tree;
                    assertThat(tree).as(where).containsExactlyElementsOf(entries);
                    assertThat(IntStream.range(0, tree.size()).mapToObj(now::entryAt))
                            .as(where)
                            .containsExactlyElementsOf(entries);
                    assertThat(tree.iterator(from, null))
                            .as(where)
                            .toIterable()
                            .containsExactlyElementsOf(expected.tailMap(from).entrySet());
                    assertThat(tree.iterator(null, to))
                            .as(where)
                            .toIterable()
                            .containsExactlyElementsOf(expected.headMap(to).entrySet());
                    assertThat(tree.iterator(from, to))
                            .as(where)
                            .toIterable()
                            .containsExactlyElementsOf(
                                    from.compareTo(to) > 0
                                            ? Set.of()
                                            : expected.subMap(from, to).entrySet());
                    depthOfWellFormed(tree);
                }
            }
        }

        @Test
        void anIteratorEndsAndCannotRemove() {
            Iterator<Map.Entry<Key, Value>> entries =
                    Tree.<Value>empty().put(A, ONE).iterator();
            assertThat(entries.next()).isEqualTo(entry(A, ONE));
            assertThat(entries.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(entries::remove);
        }

        @Test
        void anIteratorOfARangeEndsWithTheRange() {
            Iterator<Map.Entry<Key, Value>> entries =
                    Tree.<Value>empty().put(A, ONE).put(B, ONE).iterator(A, B);
            assertThat(entries.next()).isEqualTo(entry(A, ONE));
            assertThat(entries.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
        }

        @Test
        void aRankOutsideTheTreeIsRefused() {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> sorted(3).entryAt(3));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> sorted(3).entryAt(-1));
        }
    }

    @Nested
    class Bulk {
        @ParameterizedTest(name = "{0} items")
        @ValueSource(ints = {0, 1, 2, 3, 10, 1_000, 1_023, 1_024})
        void sortedItemsMakeAPerfectTree(int size) {
            Tree<Value> tree = sorted(size);
            assertThat(tree)
                    .extracting(Map.Entry::getKey)
                    .containsExactlyElementsOf(
                            IntStream.range(0, size).mapToObj(TreeTest::key).toList());
            assertThat(depthOfWellFormed(tree)).isEqualTo((int) Math.ceil(log2(size + 1)));
        }

        @Test
        void itemsOutOfOrderAreRefusedByName() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tree.ofSorted(List.of("a", "c", "b"), Key::of, Value::new))
                    .withMessageContaining("'c' is followed by 'b'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tree.ofSorted(List.of("a", "a"), Key::of, Value::new));
        }

        /** Of each {@code keep}, the first is kept; 1 keeps all, 2,000 nearly none. */
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 10, 2_000})
        void mappedToOtherKeysAndValuesItLeavesOutThoseWithoutAndStaysFlat(int keep) {
            List<Key> asked = new ArrayList<>();
            Tree<String> mapped = sorted(1_000).map(TreeTest::longer, (key, value) -> {
                asked.add(key);
                return asked.size() % keep == 1 % keep ? "mapped " + key : null;
            });

            List<Key> all =
                    IntStream.range(0, 1_000).mapToObj(i -> longer(key(i))).toList();
            assertThat(asked).as("in order").isEqualTo(all);
            List<Map.Entry<Key, String>> kept = IntStream.range(0, 1_000)
                    .filter(i -> (i + 1) % keep == 1 % keep)
                    .mapToObj(i -> Map.entry(all.get(i), "mapped " + all.get(i)))
                    .toList();
            assertThat(mapped).containsExactlyElementsOf(kept);
            depthOfWellFormed(mapped);
        }

        @Test
        void pagesOfAnySizesAppendToOneTree() {
            Random random = new Random(1);
            Tree<Value> whole = Tree.empty();
            int read = 0;
            for (int page = 0; page < 500; page++) {
                int size = random.nextInt(8) == 0 ? random.nextInt(2_000) : random.nextInt(3);
                whole = whole.append(
                        sorted(IntStream.range(read, read + size).boxed().toList()));
                read += size;
                if (page % 20 == 0) {
                    depthOfWellFormed(whole);
                }
            }
            assertThat(whole)
                    .extracting(Map.Entry::getKey)
                    .containsExactlyElementsOf(
                            IntStream.range(0, read).mapToObj(TreeTest::key).toList());
        }

        @Test
        void aPageNotAboveTheTreeIsRefused() {
            Tree<Value> tree = sorted(List.of(1, 5));
            assertThatIllegalArgumentException().isThrownBy(() -> tree.append(sorted(List.of(5, 6))));
            assertThatIllegalArgumentException().isThrownBy(() -> tree.append(sorted(List.of(3))));
        }

        @Test
        void appendingNothingReturnsTheSameContent() {
            Tree<Value> tree = sorted(10);
            assertThat(diff(tree.append(Tree.empty()), Tree.<Value>empty().append(tree)))
                    .isEmpty();
        }
    }

    @Nested
    class Versions {
        @Test
        void oldVersionsStayAsTheyWere() {
            Random random = new Random(3);
            List<Tree<Value>> versions = new ArrayList<>();
            List<Map<Key, Value>> copies = new ArrayList<>();
            Tree<Value> tree = sorted(200);
            for (int step = 0; step < 1_000; step++) {
                versions.add(tree);
                copies.add(toMap(tree));
                Key key = key(random.nextInt(400));
                tree = random.nextBoolean() ? tree.put(key, new Value("step " + step)) : tree.remove(key);
            }
            for (int step = 0; step < versions.size(); step++) {
                assertThat(toMap(versions.get(step))).as("version %d", step).isEqualTo(copies.get(step));
            }
        }

        @Test
        void aNewVersionSharesAllButAFewNodesWithTheOld() {
            Tree<Value> tree = sorted(100_000);
            Set<Node<Value>> old = Collections.newSetFromMap(new IdentityHashMap<>());
            collect(tree.root(), old);
            Random random = new Random(5);
            for (int i = 0; i < 20; i++) {
                Set<Node<Value>> now = Collections.newSetFromMap(new IdentityHashMap<>());
                Key key = key(random.nextInt(200_000));
                collect((i % 2 == 0 ? tree.put(key, ONE) : tree.remove(key)).root(), now);
                now.removeAll(old);
                assertThat(now).hasSizeLessThanOrEqualTo(2 * 17);
            }
        }

        @Test
        void aKeyPutAgainStaysTheSameObjectSoThatVersionsShareIt() {
            Tree<Value> tree = Tree.<Value>empty().put(A, ONE).put(Key.of("a"), TWO);
            assertThat(tree.entryAt(0).getKey()).isSameAs(A);
            assertThat(tree.get(A)).isSameAs(TWO);
        }

        private static void collect(@Nullable Node<Value> node, Set<Node<Value>> into) {
            if (node != null) {
                into.add(node);
                collect(node.left, into);
                collect(node.right, into);
            }
        }
    }

    @Nested
    class Balance {
        private static final int SIZE = 20_000;

        private static void assertFlat(Tree<?> tree) {
            assertThat((double) depthOfWellFormed(tree)).isLessThanOrEqualTo(2.5 * log2(tree.size() + 1));
        }

        @Test
        void ascendingDescendingAndInwardPutsKeepTheTreeFlat() {
            Tree<Value> ascending = Tree.empty();
            Tree<Value> descending = Tree.empty();
            Tree<Value> inward = Tree.empty();
            for (int i = 0; i < SIZE; i++) {
                ascending = ascending.put(key(i), ONE);
                descending = descending.put(key(SIZE - i), ONE);
                inward = inward.put(key(i % 2 == 0 ? i : 2 * SIZE - i), ONE);
            }
            assertFlat(ascending);
            assertFlat(descending);
            assertFlat(inward);
        }

        @Test
        void removingFromOneEndOrTheMiddleKeepsTheTreeFlat() {
            Tree<Value> first = sorted(SIZE);
            Tree<Value> last = first;
            Tree<Value> middle = first;
            for (int i = 0; i < SIZE; i++) {
                first = first.remove(first.entryAt(0).getKey());
                last = last.remove(last.entryAt(last.size() - 1).getKey());
                middle = middle.remove(middle.entryAt(middle.size() / 2).getKey());
                if (i % 500 == 0) {
                    assertFlat(first);
                    assertFlat(last);
                    assertFlat(middle);
                }
            }
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3})
        void randomPutsAndRemovesKeepTheTreeFlat(long seed) {
            Random random = new Random(seed);
            Tree<Value> tree = Tree.empty();
            for (int i = 0; i < 5 * SIZE; i++) {
                Key key = key(random.nextInt(SIZE));
                tree = random.nextInt(i < 2 * SIZE ? 4 : 2) > 0 ? tree.put(key, ONE) : tree.remove(key);
                if (i % 2_000 == 0) {
                    assertFlat(tree);
                }
            }
        }

        /** All trees of a size that are balanced, with the keys from first on in steps of two. */
        private static List<@Nullable Node<Value>> shapes(int size, int first) {
            List<@Nullable Node<Value>> shapes = new ArrayList<>();
            if (size == 0) {
                shapes.add(null);
            }
            for (int left = 0; left < size; left++) {
                int right = size - 1 - left;
                if (left + 1 <= 3 * (right + 1) && right + 1 <= 3 * (left + 1)) {
                    for (Node<Value> lower : shapes(left, first)) {
                        for (Node<Value> higher : shapes(right, first + 2 * left + 2)) {
                            shapes.add(new Node<>(key(first + 2 * left), ONE, lower, higher));
                        }
                    }
                }
            }
            return shapes;
        }

        @Test
        void everyChangeOfEverySmallShapeIsBalanced() {
            for (int size = 0; size <= 13; size++) {
                for (Node<Value> shape : shapes(size, 1)) {
                    Tree<Value> tree = Tree.of(shape);
                    for (int i = 0; i <= size; i++) {
                        depthOfWellFormed(tree.put(key(2 * i), TWO));
                        depthOfWellFormed(tree.remove(key(2 * i + 1)));
                    }
                }
            }
        }

        @Test
        void everyTwoSmallShapesAppendToABalancedOne() {
            for (int left = 0; left <= 9; left++) {
                for (int right = 0; right <= 9; right++) {
                    List<@Nullable Node<Value>> higher = shapes(right, 2 * left);
                    for (Node<Value> lower : shapes(left, 0)) {
                        for (Node<Value> upper : higher) {
                            Tree<Value> whole = Tree.of(lower).append(Tree.of(upper));
                            assertThat(whole.size()).isEqualTo(left + right);
                            depthOfWellFormed(whole);
                        }
                    }
                }
            }
        }

        /** A tree that at each node leans to one side as far as it may. */
        private static @Nullable Node<Value> leaning(int size, int first, Random random) {
            if (size == 0) {
                return null;
            }
            int least = (size + 1 + 3) / 4 - 1;
            int left = random.nextInt(3) == 0 ? size - 1 - least : least;
            return new Node<>(
                    key(first + left),
                    ONE,
                    leaning(left, first, random),
                    leaning(size - 1 - left, first + left + 1, random));
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4})
        void treesThatLeanAsFarAsTheyMayAppendToABalancedOne(long seed) {
            Random random = new Random(seed);
            for (int i = 0; i < 1_000; i++) {
                int left = random.nextInt(1 << random.nextInt(1, 13));
                int right = random.nextInt(1 << random.nextInt(1, 13));
                Tree<Value> lower = Tree.of(leaning(left, 0, random));
                Tree<Value> upper = Tree.of(leaning(right, left, random));
                depthOfWellFormed(lower);
                assertFlat(lower.append(upper));
            }
        }
    }

    @Nested
    class Diff {
        @Test
        void addedChangedAndRemovedKeysComeInOrder() {
            Tree<Value> before = Tree.<Value>empty().put(A, ONE).put(B, ONE);
            Tree<Value> after = before.remove(A).put(B, TWO).put(C, TWO);
            assertThat(diff(before, after))
                    .containsExactly(new Changed(A, ONE, null), new Changed(B, ONE, TWO), new Changed(C, null, TWO));
        }

        @Test
        void anEqualValueThatIsAnotherObjectIsADifference() {
            Tree<String> before = Tree.<String>empty().put(A, new String("x"));
            Tree<String> after = before.put(A, new String("x"));
            List<Key> keys = new ArrayList<>();
            Tree.diff(before, after, (key, was, now) -> keys.add(key));
            assertThat(keys).containsExactly(A);
        }

        @Test
        void aValuePutBackIsNoDifference() {
            Tree<Value> before = sorted(100);
            Value value = Objects.requireNonNull(before.get(key(42)));
            assertThat(diff(before, before.put(key(42), ONE).put(key(42), value)))
                    .isEmpty();
            assertThat(diff(before, before.remove(key(42)).put(key(42), value))).isEmpty();
        }

        @Test
        void ofATreeAndItselfNothingIsLookedInto() {
            Tree<Value> tree = sorted(1_000);
            assertThat(Tree.countingDiff(tree, tree, (key, was, now) -> {})).isZero();
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4, 5, 6})
        void betweenAnyTwoVersionsItIsTheNaiveDiff(long seed) {
            Random random = new Random(seed);
            int keys = 1 << random.nextInt(3, 9);
            List<Tree<Value>> versions = new ArrayList<>(List.of(Tree.empty()));
            for (int step = 0; step < 300; step++) {
                Tree<Value> tree = versions.get(versions.size() - 1);
                for (int changes = random.nextInt(10); changes >= 0; changes--) {
                    Key key = key(random.nextInt(keys));
                    tree = random.nextInt(3) > 0 ? tree.put(key, new Value("step " + step)) : tree.remove(key);
                }
                versions.add(tree);
                Tree<Value> other = versions.get(random.nextInt(versions.size()));
                String where = "seed " + seed + ", step " + step;
                assertThat(diff(other, tree)).as(where).isEqualTo(naiveDiff(toMap(other), toMap(tree)));
                assertThat(diff(tree, other)).as(where).isEqualTo(naiveDiff(toMap(tree), toMap(other)));
            }
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3})
        void betweenUnrelatedTreesItIsTheNaiveDiff(long seed) {
            Random random = new Random(seed);
            for (int round = 0; round < 200; round++) {
                Map<Key, Value> before = new HashMap<>();
                Map<Key, Value> after = new HashMap<>();
                int keys = random.nextInt(1, 200);
                for (int i = random.nextInt(200); i > 0; i--) {
                    (random.nextBoolean() ? before : after)
                            .put(key(random.nextInt(keys)), random.nextBoolean() ? ONE : TWO);
                }
                assertThat(diff(toTree(before), toTree(after)))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(naiveDiff(before, after));
            }
        }

        @ParameterizedTest(name = "{0} changes")
        @ValueSource(ints = {1, 2, 10, 100, 1_000})
        void afterAFewChangesInALargeTreeItLooksIntoAFewNodes(int changes) {
            int size = 100_000;
            int bound = (int) (3 * changes * log2(size));
            Tree<Value> before =
                    sorted(IntStream.range(0, size).map(i -> 2 * i).boxed().toList());
            for (long seed = 1; seed <= 20; seed++) {
                Random random = new Random(seed);
                Tree<Value> put = before;
                Tree<Value> added = before;
                Tree<Value> removed = before;
                Tree<Value> appended = before;
                Tree<Value> cutOff = before;
                Tree<Value> prepended = before;
                for (int i = 0; i < changes; i++) {
                    put = put.put(key(2 * random.nextInt(size)), ONE);
                    added = added.put(key(2 * random.nextInt(size) + 1), ONE);
                    removed = removed.remove(key(2 * random.nextInt(size)));
                    appended = appended.put(key(2 * size + i), ONE);
                    prepended = prepended.put(key(Integer.MIN_VALUE - i), ONE);
                    cutOff = cutOff.remove(cutOff.entryAt(0).getKey());
                }
                for (Tree<Value> after : List.of(put, added, removed, appended, cutOff, prepended)) {
                    assertThat(Tree.countingDiff(before, after, (key, was, now) -> {}))
                            .as("seed %d", seed)
                            .isLessThanOrEqualTo(bound);
                    assertThat(Tree.countingDiff(after, before, (key, was, now) -> {}))
                            .as("backwards, seed %d", seed)
                            .isLessThanOrEqualTo(bound);
                }
            }
        }
    }

    @Nested
    class Rebase {
        private static boolean same(Value held, Value read) {
            return held.text.equals(read.text);
        }

        @Test
        void ofAnEqualReadingReturnsTheTreeHeld() {
            Tree<Value> held = sorted(1_000);
            assertThat(held.rebase(sorted(1_000), Rebase::same)).isSameAs(held);
        }

        @Test
        void onNothingReturnsTheReading() {
            Tree<Value> fresh = sorted(10);
            assertThat(Tree.<Value>empty().rebase(fresh, Rebase::same)).isSameAs(fresh);
        }

        @Test
        void ofAnEmptyReadingIsEmpty() {
            assertThat(sorted(10).rebase(Tree.empty(), Rebase::same)).isEmpty();
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4})
        void hasTheContentOfTheReadingAndDiffersOnlyWhereItReallyDiffers(long seed) {
            Random random = new Random(seed);
            for (int round = 0; round < 200; round++) {
                Map<Key, Value> held = new TreeMap<>();
                Map<Key, Value> fresh = new TreeMap<>();
                List<Key> really = new ArrayList<>();
                for (int i = random.nextInt(100); i >= 0; i--) {
                    int fate = random.nextInt(8);
                    if (fate > 0) {
                        held.put(key(i), new Value("old"));
                    }
                    if (fate != 1) {
                        fresh.put(key(i), new Value(fate == 2 ? "new" : "old"));
                    }
                    if (fate < 3) {
                        really.add(0, key(i));
                    }
                }
                String where = "seed " + seed + ", round " + round;
                Tree<Value> before = toTree(held);
                Tree<Value> after = before.rebase(toTree(fresh), Rebase::same);
                assertThat(after).as(where).extracting(Map.Entry::getKey).containsExactlyElementsOf(fresh.keySet());
                after.forEach((key, value) -> assertThat(value.text).isEqualTo(fresh.get(key).text));
                assertThat(diff(before, after))
                        .as(where)
                        .extracting(Changed::key)
                        .isEqualTo(really);
                depthOfWellFormed(after);
            }
        }

        @Test
        void makesTheNextDiffCheap() {
            Tree<Value> held = sorted(100_000);
            Tree<Value> fresh = sorted(100_000).put(key(5), ONE).remove(key(70_000));
            Tree<Value> after = held.rebase(fresh, Rebase::same);
            assertThat(Tree.countingDiff(held, after, (key, was, now) -> {})).isLessThan(200);
            assertThat(diff(held, after)).extracting(Changed::key).containsExactly(key(5), key(70_000));
        }
    }
}
