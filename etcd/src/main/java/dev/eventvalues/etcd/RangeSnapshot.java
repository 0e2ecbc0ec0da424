package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A snapshot made from another by decoding only what differs. */
final class RangeSnapshot<T> implements Snapshot<T> {
    private final Keyspace keyspace;
    private final Decoder<T> decoder;

    /** As etcd holds it: with the namespace. */
    private final Tree<Item> items;

    /** As it is shown: without the namespace. */
    private final Tree<T> values;

    private final Tree<DecodeException> undecodable;
    private final long revision;
    private final long epoch;

    private RangeSnapshot(
            Keyspace keyspace,
            Decoder<T> decoder,
            Tree<Item> items,
            Tree<T> values,
            Tree<DecodeException> undecodable,
            long revision,
            long epoch) {
        this.keyspace = keyspace;
        this.decoder = decoder;
        this.items = items;
        this.values = values;
        this.undecodable = undecodable;
        this.revision = revision;
        this.epoch = epoch;
    }

    /** The snapshot before all others, to make the first from. */
    static <T> RangeSnapshot<T> before(Keyspace keyspace, Decoder<T> decoder) {
        return new RangeSnapshot<>(keyspace, decoder, Tree.empty(), Tree.empty(), Tree.empty(), 0, 0);
    }

    /** The snapshot of what is known, which may be newer or older than this one. */
    RangeSnapshot<T> at(Known known) {
        Tree<Item> now = known.items() == null ? Tree.empty() : known.items();
        if (now == items && known.revision() == revision && known.epoch() == epoch) {
            return this;
        }
        if (items.size() == 0) {
            return first(now, known);
        }
        var next = new Object() {
            Tree<T> values = RangeSnapshot.this.values;
            Tree<DecodeException> undecodable = RangeSnapshot.this.undecodable;
        };
        Tree.diff(items, now, (full, before, after) -> {
            if (before != null && after != null && before.sameValue(after)) {
                return; // written without a change
            }
            Key key = keyspace.own(full);
            if (after == null) {
                next.values = next.values.remove(key);
                next.undecodable = next.undecodable.remove(key);
                return;
            }
            try {
                next.values = next.values.put(key, decoded(key, after));
                next.undecodable = next.undecodable.remove(key);
            } catch (DecodeException | NullPointerException e) {
                next.values = next.values.remove(key);
                next.undecodable = next.undecodable.put(key, undecodable(key, after, e));
            }
        });
        return new RangeSnapshot<>(
                keyspace, decoder, now, next.values, next.undecodable, known.revision(), known.epoch());
    }

    /** All that is known, at once: to put one key after the other would take several times as long. */
    private RangeSnapshot<T> first(Tree<Item> now, Known known) {
        var unreadable = new Object() {
            Tree<DecodeException> keys = Tree.empty();
        };
        Tree<T> readable = now.map(keyspace::own, (key, item) -> {
            try {
                return decoded(key, item);
            } catch (DecodeException | NullPointerException e) {
                unreadable.keys = unreadable.keys.put(key, undecodable(key, item, e));
                return null;
            }
        });
        return new RangeSnapshot<>(keyspace, decoder, now, readable, unreadable.keys, known.revision(), known.epoch());
    }

    /** Bytes as they are stay where they are: whoever is given a value gets a copy of it. */
    @SuppressWarnings({"ReferenceEquality", "unchecked"}) // no decoder but that one, whatever others think they equal
    private T decoded(Key key, Item item) {
        return decoder == Codec.bytes() ? (T) item.value() : Keyspace.decode(decoder, key, item);
    }

    private static DecodeException undecodable(Key key, Item item, RuntimeException failure) {
        return failure instanceof DecodeException told
                ? told
                : new DecodeException(key, item.modRevision(), item.value().length, failure);
    }

    boolean isAfter(RangeSnapshot<T> other) {
        return epoch > other.epoch || (epoch == other.epoch && revision > other.revision);
    }

    /** Everything, for a consumer that has seen nothing. */
    Changes<T> asAdded() {
        List<Change<T>> added = new ArrayList<>(values.size());
        values.forEach((key, value) -> added.add(new Change.Added<>(key, Keyspace.ownCopy(value))));
        return new Changes<>(Collections.unmodifiableList(added), this, false);
    }

    /** What a consumer that has seen {@code before} has to be told; null if nothing. */
    @Nullable
    Changes<T> since(RangeSnapshot<T> before) {
        List<Change<T>> changes = new ArrayList<>();
        boolean resync = epoch != before.epoch;
        var unreadable = new Object() {
            boolean differs;
        };
        Tree.diff(before.items, items, (full, was, is) -> {
            if (was != null && is != null && was.sameValue(is)) {
                return; // written without a change
            }
            Key key = keyspace.own(full);
            unreadable.differs |= !Objects.equals(before.undecodable.get(key), undecodable.get(key));
            T old = ownCopy(before.values.get(key));
            T value = ownCopy(values.get(key));
            if (old != null && value != null) {
                changes.add(new Change.Updated<T>(key, old, value));
            } else if (value != null) {
                changes.add(new Change.Added<T>(key, value));
            } else if (old != null) {
                changes.add(new Change.Removed<T>(key, old));
            }
        });
        return changes.isEmpty() && !unreadable.differs && !resync
                ? null
                : new Changes<>(Collections.unmodifiableList(changes), this, resync);
    }

    private static <T> @Nullable T ownCopy(@Nullable T value) {
        return value == null ? null : Keyspace.ownCopy(value);
    }

    @Override
    public SortedMap<Key, T> values() {
        return SortedView.of(values, Keyspace::ownCopy);
    }

    @Override
    public Optional<T> get(Key key) {
        return Optional.ofNullable(ownCopy(values.get(key)));
    }

    @Override
    public Optional<Entry<T>> entry(Key key) {
        T value = ownCopy(values.get(key));
        Item item = items.get(keyspace.full(key));
        return value == null || item == null ? Optional.empty() : Optional.of(Entry.of(key, value, item));
    }

    @Override
    public Map<Key, DecodeException> undecodable() {
        return SortedView.of(undecodable, Function.identity());
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    /** Never shows the values. */
    @Override
    public String toString() {
        return "Snapshot[" + values.size() + " keys, revision " + revision + ", epoch " + epoch + "]";
    }
}
