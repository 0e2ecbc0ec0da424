package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from {@link Key} to {@code V}, in the order of its keys.
 *
 * <p><b>Versions.</b> {@link #put} and {@link #remove} leave this tree as it is and return another, which shares with it
 * all but the O(log n) nodes on the way to the key. So every version can be kept, and what has changed between two of
 * them is found by {@link #diff} at the cost of the changes, not of the size.
 *
 * <p><b>Values</b> are told apart by identity, never by {@code equals}; {@link #rebase} brings in the caller's idea of
 * equality. Neither a key nor a value may be null.
 *
 * <p>Trees may be shared between threads, however they are handed over.
 *
 * @param <V> the type of the values
 */
public abstract sealed class Tree<V> implements Iterable<Map.Entry<Key, V>> permits Node, Tree.Empty {
    /*
     * The tree itself, its balance and its sharing, is Node, so that the tree of one key is one object. Here are the
     * entrances, and the two walks along it, for which Cursor is the position.
     *
     * diff walks both trees side by side. At each stop it has the same keys behind it in both. If it then stands before
     * the same node in both, it steps over everything below; if not, it looks into the larger, since only that can still
     * hold the other. A node on the way to a change costs a look, and so does, once per change, the way back down to a
     * shared node that the change had hidden: O(log n) each.
     */
    static final class Empty<V> extends Tree<V> {
        private static final Tree<?> ONE = new Empty<>();

        @Override
        @Nullable
        Node<V> root() {
            return null;
        }
    }

    Tree() {}

    /** The topmost node; null if there is none. */
    abstract @Nullable Node<V> root();

    /**
     * Returns the tree without keys.
     *
     * @param <V> the type of the values
     * @return the tree
     */
    @SuppressWarnings("unchecked") // it holds no V
    public static <V> Tree<V> empty() {
        return (Tree<V>) Empty.ONE;
    }

    /**
     * Returns a tree of items that are in order already, such as a page of a range, in O(n). The trees of several pages
     * become one by {@link #append}.
     *
     * @param <I> the type of the items
     * @param <V> the type of the values
     * @param items the items, their keys strictly ascending
     * @param key gives the key of an item
     * @param value gives the value of an item
     * @return the tree
     * @throws IllegalArgumentException if the keys are not strictly ascending
     */
    public static <I, V> Tree<V> ofSorted(
            List<? extends I> items, Function<? super I, Key> key, Function<? super I, ? extends V> value) {
        Node<V> root = Node.perfect(items, 0, items.size(), key, value);
        Node.requireAscending(null, root);
        return of(root);
    }

    /**
     * Returns a tree of the same shape with other keys and values, in O(n), plus O(log n) for each that is left out.
     *
     * @param <W> the type of the other values
     * @param key gives each key another; they must be in the same order
     * @param value gives the value of such a key by its value here, called in order; null leaves it out
     * @return the tree
     */
    public <W> Tree<W> map(
            Function<? super Key, Key> key, BiFunction<? super Key, ? super V, ? extends @Nullable W> value) {
        return of(Node.map(root(), key, value));
    }

    /**
     * Returns how many keys there are, in O(1).
     *
     * @return the number of keys
     */
    public int size() {
        return Node.size(root());
    }

    /**
     * Returns the value of a key.
     *
     * @param key the key
     * @return its value, or null if the key is absent
     */
    public @Nullable V get(Key key) {
        Objects.requireNonNull(key);
        Node<V> node = root();
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /**
     * Returns a tree in which a key has this value.
     *
     * @param key the key
     * @param value its value
     * @return the tree; this one if it holds this very value already
     */
    public Tree<V> put(Key key, V value) {
        return Node.put(root(), new Node<>(key, value, null, null));
    }

    /**
     * Returns a tree without a key.
     *
     * @param key the key
     * @return the tree; this one if the key is absent
     */
    public Tree<V> remove(Key key) {
        return of(Node.remove(root(), Objects.requireNonNull(key)));
    }

    /**
     * Returns a tree with the keys of this one and of another that lies wholly above it, in O(log n).
     *
     * @param above the other
     * @return the tree
     * @throws IllegalArgumentException if the lowest key of the other is not above the highest here
     */
    public Tree<V> append(Tree<V> above) {
        Node<V> lower = root();
        Node<V> upper = above.root();
        if (lower != null && upper != null) {
            Node.requireBelow(Node.at(lower, size() - 1), Node.at(upper, 0));
        }
        return of(Node.concat(lower, upper));
    }

    /**
     * Returns a tree with the content of a fresh reading of the same keys that keeps of this one whatever is still the
     * same: the values, and with them the nodes. The {@link #diff} from this tree to the result then has the real
     * differences only, and costs what they cost. Takes O(n + d log n) for d differences.
     *
     * @param fresh the fresh reading
     * @param same tells whether a value here, given first, and a fresh one are the same
     * @return the tree; this one if nothing differs
     */
    public Tree<V> rebase(Tree<V> fresh, BiPredicate<? super V, ? super V> same) {
        if (root() == null) {
            return fresh;
        }
        var rebased = new Object() {
            Tree<V> tree = Tree.this;
        };
        diff(this, fresh, (key, held, read) -> {
            if (read == null) {
                rebased.tree = rebased.tree.remove(key);
            } else if (held == null || !same.test(held, read)) {
                rebased.tree = rebased.tree.put(key, read);
            }
        });
        return rebased.tree;
    }

    /**
     * Returns how many keys are below a key, in O(log n). From one key up to another, exclusive, there are
     * {@code rank(to) - rank(from)} keys.
     *
     * @param key the key, which need not be in the tree
     * @return the number of keys below it
     */
    public int rank(Key key) {
        Objects.requireNonNull(key);
        int below = 0;
        Node<V> node = root();
        while (node != null) {
            if (key.compareTo(node.key) <= 0) {
                node = node.left;
            } else {
                below += Node.size(node.left) + 1;
                node = node.right;
            }
        }
        return below;
    }

    /**
     * Returns the entry that has this many keys below it, in O(log n).
     *
     * @param rank the number of keys below it
     * @return the entry
     * @throws IndexOutOfBoundsException unless {@code 0 <= rank < size()}
     */
    public Map.Entry<Key, V> entryAt(int rank) {
        return Node.at(root(), Objects.checkIndex(rank, size())).entry();
    }

    /**
     * Returns the entry with the lowest key.
     *
     * @return the entry, or null if the tree is empty
     */
    public Map.@Nullable Entry<Key, V> firstEntry() {
        return root() == null ? null : entryAt(0);
    }

    /**
     * Returns the entry with the highest key.
     *
     * @return the entry, or null if the tree is empty
     */
    public Map.@Nullable Entry<Key, V> lastEntry() {
        return root() == null ? null : entryAt(size() - 1);
    }

    /**
     * Hands over every entry, in ascending order.
     *
     * @param sink receives them
     */
    public void forEach(BiConsumer<? super Key, ? super V> sink) {
        forEach(entry -> sink.accept(entry.getKey(), entry.getValue()));
    }

    /**
     * Iterates over all entries in ascending order.
     *
     * @return the iterator; it cannot remove
     */
    @Override
    public Iterator<Map.Entry<Key, V>> iterator() {
        return iterator(null, null);
    }

    /**
     * Iterates over the entries of a range in ascending order. To begin takes O(log n), each step O(1) on average.
     *
     * @param from the key to begin at, or null for the lowest
     * @param to the key to stop before, or null for none
     * @return the iterator; it cannot remove
     */
    public Iterator<Map.Entry<Key, V>> iterator(@Nullable Key from, @Nullable Key to) {
        Cursor<V> cursor = new Cursor<>(root());
        if (from != null) {
            cursor.skipBelow(from);
        }
        int count = (to == null ? size() : rank(to)) - (from == null ? 0 : rank(from));
        return new Iterator<>() {
            private int left = count; // negative if to < from

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public Map.Entry<Key, V> next() {
                if (left <= 0) {
                    throw new NoSuchElementException();
                }
                left--;
                return cursor.next().entry();
            }
        };
    }

    /**
     * Reports, in ascending order, every key whose value is not the same object in both trees. Takes O(k log n) between
     * a tree and one made of it by k changes, O(n) between any two.
     *
     * @param <V> the type of the values
     * @param before one tree
     * @param after the other
     * @param sink receives the differences
     */
    public static <V> void diff(Tree<V> before, Tree<V> after, Difference<? super V> sink) {
        countingDiff(before, after, sink);
    }

    /**
     * Receives the differences between two trees.
     *
     * @param <V> the type of the values
     */
    @FunctionalInterface
    public interface Difference<V> {
        /**
         * Takes one difference.
         *
         * @param key the key
         * @param before its value in the one tree, or null if it is absent there
         * @param after its value in the other tree, or null if it is absent there
         */
        void accept(Key key, @Nullable V before, @Nullable V after);
    }

    /** Returns how many keys there are, and no content. */
    @Override
    public String toString() {
        return "{" + size() + (size() == 1 ? " key}" : " keys}");
    }

    /** The diff; returns its cost, the number of nodes looked into. */
    @SuppressWarnings("ReferenceEquality") // that is what it reports
    static <V> int countingDiff(Tree<V> before, Tree<V> after, Difference<? super V> sink) {
        Cursor<V> was = new Cursor<>(before.root());
        Cursor<V> now = new Cursor<>(after.root());
        while (true) {
            if (was.ahead != now.ahead) {
                // If either is a part of the other, it is a part of the larger.
                int larger = Math.max(Node.size(was.ahead), Node.size(now.ahead));
                was.openIfOfSize(larger);
                now.openIfOfSize(larger);
                continue;
            }
            was.ahead = null; // the same subtree in both, or none
            now.ahead = null;
            Node<V> left = was.path.peek();
            Node<V> right = now.path.peek();
            int order = left == null || right == null ? 0 : left.key.compareTo(right.key);
            if (left != null && (right == null || order < 0)) {
                was.next();
                sink.accept(left.key, left.value, null);
            } else if (right != null && (left == null || order > 0)) {
                now.next();
                sink.accept(right.key, null, right.value);
            } else if (left != null && right != null) {
                was.next();
                now.next();
                if (left.value != right.value) {
                    sink.accept(left.key, left.value, right.value);
                }
            } else {
                return was.opened + now.opened;
            }
        }
    }

    /** A place between two keys. Next comes the subtree ahead, then each node of the path and what is right of it. */
    private static final class Cursor<V> {
        private @Nullable Node<V> ahead;
        private final Deque<Node<V>> path = new ArrayDeque<>();
        private int opened;

        Cursor(@Nullable Node<V> root) {
            ahead = root;
        }

        void skipBelow(Key from) {
            while (ahead != null) {
                if (from.compareTo(ahead.key) <= 0) {
                    openIfOfSize(ahead.size);
                } else {
                    ahead = ahead.right;
                }
            }
        }

        void openIfOfSize(int size) {
            if (ahead != null && ahead.size == size) {
                path.push(ahead);
                ahead = ahead.left;
                opened++;
            }
        }

        Node<V> next() {
            while (ahead != null) {
                openIfOfSize(ahead.size);
            }
            Node<V> next = path.pop();
            ahead = next.right;
            return next;
        }
    }

    /** The tree with this topmost node. */
    static <V> Tree<V> of(@Nullable Node<V> root) {
        return root == null ? empty() : root;
    }
}
