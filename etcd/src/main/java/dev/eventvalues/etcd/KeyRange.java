package dev.eventvalues.etcd;

import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.Feeds;
import dev.eventvalues.internal.Source;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many keys, read from one feed. */
class KeyRange<T> implements EtcdRange<T>, Source<Snapshot<T>> {
    final Keyspace keyspace;
    final Span span;
    private final Decoder<T> decoder;

    /** The newest snapshot that was decoded, so that many watchers decode each change once. */
    private volatile RangeSnapshot<T> newest;

    /**
     * Creates the handle.
     *
     * @param span with the namespace
     */
    KeyRange(Keyspace keyspace, Span span, Decoder<T> decoder) {
        this.keyspace = keyspace;
        this.span = span;
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.newest = RangeSnapshot.before(keyspace, decoder);
    }

    @Override
    public Watcher<Snapshot<T>> watch() {
        return new RangeCursor<>(Changes::after);
    }

    @Override
    public Optional<Snapshot<T>> current() {
        try (Feeds.Hold hold = keyspace.feeds().hold(span)) {
            Known known = hold.feed().known();
            return known.items() == null ? Optional.empty() : Optional.of(snapshot(known));
        }
    }

    @Override
    public ValueReader<Changes<T>> changes() {
        return new ChangesView();
    }

    private final class ChangesView implements Source<Changes<T>> {
        @Override
        public Watcher<Changes<T>> watch() {
            return new RangeCursor<>(Function.identity());
        }

        @Override
        public Optional<Changes<T>> current() {
            return KeyRange.this.current().map(now -> ((RangeSnapshot<T>) now).asAdded());
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

    @Override
    public EtcdValue<T> at(Key key) {
        return new SingleKey<>(keyspace, requireInside(key), span, decoder);
    }

    final Key requireInside(Key key) {
        if (!span.contains(keyspace.full(Keyspace.requireNotEmpty(key, "key")))) {
            throw new IllegalArgumentException("key \"" + key + "\" is not among the " + span);
        }
        return key;
    }

    private final class RangeCursor<R> extends FeedCursor<RangeSnapshot<T>, R> {
        private final Function<Changes<T>, R> delivery;

        RangeCursor(Function<Changes<T>, R> delivery) {
            super(keyspace.feeds().hold(span));
            this.delivery = delivery;
        }

        @Override
        RangeSnapshot<T> position(Known known) {
            return snapshot(known);
        }

        @Override
        @Nullable
        R show(@Nullable RangeSnapshot<T> before, RangeSnapshot<T> now) {
            if (before == null) {
                return delivery.apply(now.asAdded());
            }
            Changes<T> changes = now.since(before);
            return changes == null ? null : delivery.apply(changes);
        }
    }

    private RangeSnapshot<T> snapshot(Known known) {
        RangeSnapshot<T> base = newest;
        RangeSnapshot<T> snapshot = base.at(known);
        if (snapshot.isAfter(base)) {
            newest = snapshot; // a lost race costs a decoding
        }
        return snapshot;
    }

    /** Names the keys; never shows the values. */
    @Override
    public String toString() {
        return "EtcdRange[" + span + "]";
    }

    /** Many keys that can be written. */
    static final class Writable<T> extends KeyRange<T> implements WritableEtcdRange<T> {
        private final Codec<T> codec;

        Writable(Keyspace keyspace, Span span, Codec<T> codec) {
            super(keyspace, span, codec);
            this.codec = codec;
        }

        @Override
        public WritableEtcdValue<T> at(Key key) {
            return new WritableKey<>(keyspace, requireInside(key), span, codec);
        }
    }
}
