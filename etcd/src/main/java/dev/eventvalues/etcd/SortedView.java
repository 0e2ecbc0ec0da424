package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Tree;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Tree} as a map: its keys, and of each value what a function makes of it. The function is called at each
 * access, so it should be a mere getter.
 *
 * <p>A lookup takes O(log n), as does a view of a part of the keys; the size is at hand. A lookup with anything but a
 * {@link Key} throws {@link ClassCastException}, since a lookup with a {@code String} would silently find nothing, ever.
 * No {@code toString} shows a value, for values may be secrets.
 */
@SuppressWarnings("JdkObsolete") // a SortedMap is all that is promised
final class SortedView<V, T> extends AbstractMap<Key, T> implements SortedMap<Key, T> {
    private final Tree<V> tree;
    private final Function<? super V, ? extends T> mapper;
    private final @Nullable Key from; // null: no bound
    private final @Nullable Key to; // exclusive; null: no bound
    private final int first; // the rank of the lowest key
    private final int size;

    private SortedView(Tree<V> tree, Function<? super V, ? extends T> mapper, @Nullable Key from, @Nullable Key to) {
        this.tree = tree;
        this.mapper = mapper;
        this.from = from;
        this.to = to;
        this.first = from == null ? 0 : tree.rank(from);
        this.size = (to == null ? tree.size() : tree.rank(to)) - first;
    }

    /** Returns the view. Whatever would change it throws {@link UnsupportedOperationException}. */
    static <V, T> SortedMap<Key, T> of(Tree<V> tree, Function<? super V, ? extends T> mapper) {
        // The wrapper has all the refusals, also those of default methods and of Java versions to come.
        return Collections.unmodifiableSortedMap(new SortedView<V, T>(tree, mapper, null, null));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable T get(@Nullable Object key) {
        if (!(Objects.requireNonNull(key) instanceof Key sought)) {
            throw new ClassCastException("The keys of this map are " + Key.class.getName() + ", not "
                    + key.getClass().getName() + "; make one with Key.of");
        }
        V value = contains(sought) ? tree.get(sought) : null;
        return value == null ? null : mapper.apply(value);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable Comparator<? super Key> comparator() {
        return null;
    }

    @Override
    public Key firstKey() {
        return keyAt(first);
    }

    @Override
    public Key lastKey() {
        return keyAt(first + size - 1);
    }

    private Key keyAt(int rank) {
        if (size == 0) {
            throw new NoSuchElementException("There is no key");
        }
        return tree.entryAt(rank).getKey();
    }

    @Override
    public SortedMap<Key, T> headMap(Key to) {
        return part(from, requireEnd(to));
    }

    @Override
    public SortedMap<Key, T> tailMap(Key from) {
        return part(requireBegin(from), to);
    }

    @Override
    public SortedMap<Key, T> subMap(Key from, Key to) {
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("The range from '" + from + "' to '" + to + "' ends before it begins");
        }
        return part(requireBegin(from), requireEnd(to));
    }

    private SortedMap<Key, T> part(@Nullable Key from, @Nullable Key to) {
        return new SortedView<>(tree, mapper, from, to);
    }

    private Key requireBegin(Key key) {
        return require(contains(key), key);
    }

    private Key requireEnd(Key key) {
        return require(key.equals(to) || contains(key), key);
    }

    private Key require(boolean within, Key key) {
        if (!within) {
            throw new IllegalArgumentException("'" + key + "' is not within the range of this map, from "
                    + (from == null ? "the beginning" : "'" + from + "'") + " to "
                    + (to == null ? "the end" : "'" + to + "'"));
        }
        return key;
    }

    private boolean contains(Key key) {
        Objects.requireNonNull(key);
        return (from == null || key.compareTo(from) >= 0) && (to == null || key.compareTo(to) < 0);
    }

    @Override
    public Set<Map.Entry<Key, T>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Key, T>> iterator() {
                return rows(Row::new);
            }

            @Override
            public boolean contains(@Nullable Object entry) {
                return entry instanceof Map.Entry<?, ?> row
                        && row.getValue() != null
                        && row.getValue().equals(get(row.getKey()));
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public String toString() {
                return SortedView.this.toString();
            }
        };
    }

    @Override
    public Collection<T> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<T> iterator() {
                return rows((key, value) -> value);
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public String toString() {
                return SortedView.this.toString();
            }
        };
    }

    private <R> Iterator<R> rows(BiFunction<Key, T, R> row) {
        Iterator<Map.Entry<Key, V>> entries = tree.iterator(from, to);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public R next() {
                Map.Entry<Key, V> entry = entries.next();
                return row.apply(entry.getKey(), mapper.apply(entry.getValue()));
            }
        };
    }

    /** Returns how many keys there are, and no content. */
    @Override
    public String toString() {
        return "{" + size + (size == 1 ? " key}" : " keys}");
    }

    private static final class Row<T> extends SimpleImmutableEntry<Key, T> {
        private static final long serialVersionUID = 1L;

        Row(Key key, T value) {
            super(key, value);
        }

        @Override
        public String toString() {
            return getKey() + "=?";
        }
    }
}
