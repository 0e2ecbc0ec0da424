package dev.eventvalues.etcd.state;

import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link Tree} with the two subtrees below it: all lower keys, and all higher ones.
 *
 * @param <V> the type of the values
 */
final class Node<V> extends Tree<V> {
    /*
     * A weight-balanced search tree (Adams). The weight of a subtree is its size plus one, so that an empty one counts
     * too, and of two siblings neither weighs more than three times the other. With n keys no path is then longer than
     * log2(n + 1) / log2(4/3), which is 2.41 times that of a perfect tree, whatever the keys and their order.
     *
     * All balancing is in join(left, middle, right), which makes one balanced tree of two of any sizes and an entry
     * between them (Blelloch, Ferizovic and Sun, "Just Join for Parallel Ordered Sets"). Put and remove are the textbook
     * recursion with join in the place of a constructor. The factors 3 and 2 are the one pair of integers for which a
     * single or a double rotation always suffices (Hirai and Yamamoto); TreeTest tries all small shapes.
     *
     * A join that finds both children of its middle in place returns the middle itself. So a change that changes nothing
     * returns the same tree.
     *
     * An empty subtree is null. A node takes 32 bytes (compressed references); it knows no parent, for it may have many.
     */
    private static final int HEAVIEST_SIBLING = 3;
    private static final int DOUBLE_ROTATION_FROM = 2;

    final Key key;
    final V value;
    final @Nullable Node<V> left;
    final @Nullable Node<V> right;
    final int size;

    Node(Key key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
        this.key = Objects.requireNonNull(key);
        this.value = Objects.requireNonNull(value);
        this.left = left;
        this.right = right;
        this.size = size(left) + 1 + size(right);
    }

    @Override
    Node<V> root() {
        return this;
    }

    Map.Entry<Key, V> entry() {
        return Map.entry(key, value);
    }

    static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    /** The node with this many keys below its own; there must be one. */
    static <V> Node<V> at(@Nullable Node<V> node, int rank) {
        Objects.requireNonNull(node);
        int lower = size(node.left);
        if (rank == lower) {
            return node;
        }
        return rank < lower ? at(node.left, rank) : at(node.right, rank - lower - 1);
    }

    @SuppressWarnings("ReferenceEquality") // values are told apart by identity
    static <V> Node<V> put(@Nullable Node<V> node, Node<V> leaf) {
        if (node == null) {
            return leaf;
        }
        int order = leaf.key.compareTo(node.key);
        if (order < 0) {
            return join(put(node.left, leaf), node, node.right);
        }
        if (order > 0) {
            return join(node.left, node, put(node.right, leaf));
        }
        return leaf.value == node.value ? node : new Node<>(node.key, leaf.value, node.left, node.right);
    }

    static <V> @Nullable Node<V> remove(@Nullable Node<V> node, Key key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return join(remove(node.left, key), node, node.right);
        }
        if (order > 0) {
            return join(node.left, node, remove(node.right, key));
        }
        return concat(node.left, node.right);
    }

    static <V> @Nullable Node<V> concat(@Nullable Node<V> left, @Nullable Node<V> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return join(left, at(right, 0), removeFirst(right));
    }

    private static <V> @Nullable Node<V> removeFirst(Node<V> node) {
        return node.left == null ? node.right : join(removeFirst(node.left), node, node.right);
    }

    /** A tree of the items from one place in a list to before another, which are in order; as flat as can be. */
    static <I, V> @Nullable Node<V> perfect(
            List<? extends I> items,
            int from,
            int to,
            Function<? super I, Key> key,
            Function<? super I, ? extends V> value) {
        if (from == to) {
            return null;
        }
        int half = (from + to) >>> 1;
        Node<V> left = perfect(items, from, half, key, value);
        I item = items.get(half);
        return new Node<>(key.apply(item), value.apply(item), left, perfect(items, half + 1, to, key, value));
    }

    /** Goes through a tree that is built already. Returns its last node; {@code last} if it is empty, which comes before. */
    static <V> @Nullable Node<V> requireAscending(@Nullable Node<V> last, @Nullable Node<V> node) {
        if (node == null) {
            return last;
        }
        Node<V> lower = requireAscending(last, node.left);
        if (lower != null) {
            requireBelow(lower, node);
        }
        return requireAscending(node, node.right);
    }

    static void requireBelow(Node<?> lower, Node<?> higher) {
        if (lower.key.compareTo(higher.key) >= 0) {
            throw new IllegalArgumentException(
                    "Keys must be strictly ascending, but '" + lower.key + "' is followed by '" + higher.key + "'");
        }
    }

    /** Other keys, in the same order, with other values; without those that have none. */
    static <V, W> @Nullable Node<W> map(
            @Nullable Node<V> node,
            Function<? super Key, Key> key,
            BiFunction<? super Key, ? super V, ? extends @Nullable W> value) {
        if (node == null) {
            return null;
        }
        Node<W> left = map(node.left, key, value);
        Key own = key.apply(node.key);
        W mapped = value.apply(own, node.value);
        Node<W> right = map(node.right, key, value);
        if (mapped == null) {
            return concat(left, right);
        }
        return size(left) == size(node.left) && size(right) == size(node.right)
                ? new Node<>(own, mapped, left, right)
                : join(left, new Node<>(own, mapped, null, null), right);
    }

    /** Joins two balanced trees of any sizes, with the entry of the middle node between them. */
    private static <V> Node<V> join(@Nullable Node<V> left, Node<V> middle, @Nullable Node<V> right) {
        if (left != null && isTooHeavy(left, right)) {
            return rotate(left.left, left, join(left.right, middle, right));
        }
        if (right != null && isTooHeavy(right, left)) {
            return rotate(join(left, middle, right.left), right, right.right);
        }
        return middle.over(left, right);
    }

    /** Joins two balanced trees of which one may be too heavy, but only by what a join one level down can add. */
    private static <V> Node<V> rotate(@Nullable Node<V> left, Node<V> middle, @Nullable Node<V> right) {
        if (left != null && isTooHeavy(left, right)) {
            Node<V> inner = left.right;
            return inner == null || weight(inner) < DOUBLE_ROTATION_FROM * weight(left.left)
                    ? left.over(left.left, middle.over(inner, right))
                    : inner.over(left.over(left.left, inner.left), middle.over(inner.right, right));
        }
        if (right != null && isTooHeavy(right, left)) {
            Node<V> inner = right.left;
            return inner == null || weight(inner) < DOUBLE_ROTATION_FROM * weight(right.right)
                    ? right.over(middle.over(left, inner), right.right)
                    : inner.over(middle.over(left, inner.left), right.over(inner.right, right.right));
        }
        return middle.over(left, right);
    }

    private static boolean isTooHeavy(Node<?> node, @Nullable Node<?> sibling) {
        return weight(node) > HEAVIEST_SIBLING * weight(sibling);
    }

    private static int weight(@Nullable Node<?> node) {
        return size(node) + 1;
    }

    /** This entry over other subtrees; this node if they are the ones it has. */
    private Node<V> over(@Nullable Node<V> left, @Nullable Node<V> right) {
        return left == this.left && right == this.right ? this : new Node<>(key, value, left, right);
    }
}
