package dev.eventvalues.etcd;

import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.internal.Source;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One key, read from the feed of a span that holds it. */
class SingleKey<T> implements EtcdValue<T>, Source<Optional<T>> {
    /** Stands for "known to be absent". */
    private static final Item ABSENT = new Item(new byte[0], 0, 0, 0, 0);

    final Keyspace keyspace;
    final Key key;
    final Span span;
    final Decoder<T> decoder;

    /** The value decoded last, so that many watchers decode once. A lost race costs a decoding. */
    private volatile @Nullable Decoded<T> cache;

    private record Decoded<T>(Item item, T value) {}

    /**
     * Creates the handle.
     *
     * @param key without the namespace
     * @param span with the namespace
     */
    SingleKey(Keyspace keyspace, Key key, Span span, Decoder<T> decoder) {
        this.keyspace = keyspace;
        this.key = key;
        this.span = span;
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public Watcher<Optional<T>> watch() {
        return new ValueCursor<>(this);
    }

    @Override
    public Optional<Optional<T>> current() {
        Item item = now();
        return item == null ? Optional.empty() : Optional.of(value(item));
    }

    @Override
    public ValueReader<T> orElse(T fallback) {
        Objects.requireNonNull(fallback, "fallback");
        return map(value -> value.orElse(fallback));
    }

    @Override
    public ValueReader<Optional<Entry<T>>> entries() {
        return new Entries();
    }

    @Override
    public Optional<T> awaitRevision(long revision, Duration timeout) throws InterruptedException, TimeoutException {
        Objects.requireNonNull(timeout, "timeout");
        if (revision < 0) {
            throw new IllegalArgumentException("the revision must not be negative: " + revision);
        }
        Feeds feeds = keyspace.feeds();
        try (Feeds.Hold hold = feeds.hold(span)) {
            RevisionWait wait = new RevisionWait(keyspace.full(key), revision, hold.feed(), feeds.store());
            Item item = wait.await(key, timeout);
            return value(item == null ? ABSENT : item);
        }
    }

    @Override
    public ValueReader<Freshness> freshness() {
        return new FeedFreshness(keyspace.feeds(), span);
    }

    @Override
    public Registration keepWarm() {
        return keyspace.feeds().hold(span)::close;
    }

    private final class Entries implements Source<Optional<Entry<T>>> {
        @Override
        public Watcher<Optional<Entry<T>>> watch() {
            return new EntryCursor<>(SingleKey.this);
        }

        @Override
        public Optional<Optional<Entry<T>>> current() {
            Item item = now();
            return item == null ? Optional.empty() : Optional.of(entry(item));
        }
    }

    /** A position in the value of a key. */
    private abstract static class ItemCursor<T, R> extends FeedCursor<Item, R> {
        final SingleKey<T> handle;

        ItemCursor(SingleKey<T> handle) {
            super(handle.keyspace.feeds().hold(handle.span));
            this.handle = handle;
        }

        abstract boolean same(Item before, Item now);

        abstract R show(Item item);

        @Override
        Item position(Known known) {
            return handle.item(known);
        }

        @Override
        @Nullable
        R show(@Nullable Item before, Item now) {
            return before != null && same(before, now) ? null : show(now);
        }
    }

    private static final class ValueCursor<T> extends ItemCursor<T, Optional<T>> {
        ValueCursor(SingleKey<T> handle) {
            super(handle);
        }

        @Override
        boolean same(Item before, Item now) {
            return (before == ABSENT) == (now == ABSENT) && before.sameValue(now);
        }

        @Override
        Optional<T> show(Item item) {
            return handle.value(item);
        }
    }

    private static final class EntryCursor<T> extends ItemCursor<T, Optional<Entry<T>>> {
        EntryCursor(SingleKey<T> handle) {
            super(handle);
        }

        @Override
        boolean same(Item before, Item now) {
            return before.modRevision() == now.modRevision() && before.sameValue(now);
        }

        @Override
        Optional<Entry<T>> show(Item item) {
            return handle.entry(item);
        }
    }

    /** What is known now; null before the first answer. */
    private @Nullable Item now() {
        try (Feeds.Hold hold = keyspace.feeds().hold(span)) {
            Known known = hold.feed().known();
            return known.items() == null ? null : item(known);
        }
    }

    private Item item(Known known) {
        Item item = Objects.requireNonNull(known.items()).get(keyspace.full(key));
        return item == null ? ABSENT : item;
    }

    private Optional<T> value(Item item) {
        return item == ABSENT ? Optional.empty() : Optional.of(decode(item));
    }

    private Optional<Entry<T>> entry(Item item) {
        return value(item).map(value -> Entry.of(key, value, item));
    }

    private T decode(Item item) {
        if (decoder.equals(Codecs.BYTES)) {
            return Keyspace.decode(decoder, key, item); // a copy, which each consumer gets anyway
        }
        Decoded<T> decoded = cache;
        if (decoded == null || decoded.item != item) {
            decoded = new Decoded<>(item, Keyspace.decode(decoder, key, item));
            cache = decoded;
        }
        return Keyspace.ownCopy(decoded.value);
    }

    /** Names the key; never shows the value. */
    @Override
    public String toString() {
        return "EtcdValue[" + keyspace.full(key) + "]";
    }
}
