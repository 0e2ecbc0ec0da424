package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.HoldStatus;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.Holds;
import dev.eventvalues.etcd.wire.LiveHold;
import dev.eventvalues.etcd.wire.Store;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One key that can be written. */
final class WritableKey<T> extends SingleKey<T> implements WritableEtcdValue<T> {
    /** A conflict costs the others a round trip, so who loses again and again waits longer, up to some of them. */
    private static final long FIRST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int MOST_DOUBLINGS = 6;

    /** What etcd allows. */
    private static final long LONGEST_TTL_SECONDS = 9_000_000_000L;

    WritableKey(Keyspace keyspace, Key key, Span span, Codec<T> codec) {
        super(keyspace, key, span, codec);
    }

    /* Neither of these is kept: a process may have very many of this. */

    /** What it was made with. */
    private Codec<T> codec() {
        return (Codec<T>) decoder;
    }

    /** The key with the namespace. */
    private Key full() {
        return keyspace.full(key);
    }

    @Override
    public long set(T value) throws InterruptedException {
        byte[] bytes = encode(value);
        return write("set", bytes).await(() -> store().put(full(), bytes));
    }

    @Override
    public CompletableFuture<Long> setAsync(T value, Executor executor) {
        Objects.requireNonNull(executor, "executor");
        byte[] bytes = encode(value);
        return write("set", bytes).completedOn(executor, store().put(full(), bytes));
    }

    @Override
    public OptionalLong compareAndSet(long expectedModRevision, T value) throws InterruptedException {
        requireRevision(expectedModRevision);
        byte[] bytes = encode(value);
        Store.Outcome outcome =
                write("compareAndSet", bytes).await(() -> store().putIf(full(), expectedModRevision, bytes));
        return outcome.done() ? OptionalLong.of(outcome.revision()) : OptionalLong.empty();
    }

    @Override
    public Optional<T> update(UnaryOperator<Optional<T>> change) throws InterruptedException {
        Objects.requireNonNull(change, "change");
        Item found =
                write("update", null).awaitReading(() -> store().read(full())).item();
        for (int conflicts = 1; ; conflicts++) {
            Optional<T> before = found == null ? Optional.empty() : Optional.of(Keyspace.decode(decoder, key, found));
            Optional<T> after = Objects.requireNonNull(change.apply(before), "the change returned null");
            if (before.isEmpty() && after.isEmpty()) {
                return after;
            }
            Store.Outcome outcome = replace(found == null ? 0 : found.modRevision(), after);
            if (outcome.done()) {
                return after;
            }
            found = outcome.found();
            rest(conflicts);
        }
    }

    private Store.Outcome replace(long modRevision, Optional<T> after) throws InterruptedException {
        byte[] bytes = after.isEmpty() ? null : encode(after.get());
        return write("update", bytes)
                .await(() -> bytes == null
                        ? store().deleteIf(full(), modRevision)
                        : store().putIf(full(), modRevision, bytes));
    }

    private static void rest(int conflicts) throws InterruptedException {
        if (conflicts > 1) {
            long most = FIRST_REST_NANOS << Math.min(conflicts - 2, MOST_DOUBLINGS);
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(most));
        }
    }

    @Override
    public boolean delete() throws InterruptedException {
        return write("delete", null).await(() -> store().delete(full()));
    }

    @Override
    public boolean delete(long expectedModRevision) throws InterruptedException {
        requireRevision(expectedModRevision);
        Store.Outcome outcome = write("delete", null).await(() -> store().deleteIf(full(), expectedModRevision));
        return outcome.done() && expectedModRevision > 0;
    }

    @Override
    public Hold hold(T value, Duration ttl) throws InterruptedException {
        long seconds = wholeSeconds(ttl);
        byte[] bytes = encode(value);
        Write write = write("hold", bytes);
        if (Thread.interrupted()) {
            throw new InterruptedException(write + ": interrupted before anything was sent");
        }
        Holds holds = store().holds();
        LiveHold live = holds.start(full(), bytes, seconds, keyspace.feeds().hold(span));
        KeyHold hold = new KeyHold(key, live, holds.closingTime());
        HoldStatus first;
        try {
            first = hold.awaitDecision();
        } catch (InterruptedException e) {
            live.close();
            throw e;
        }
        if (first instanceof HoldStatus.Refused refused) {
            throw write.refusal(refused.trouble());
        }
        if (first instanceof HoldStatus.Closed) {
            throw new IllegalStateException("the EtcdValues is closed");
        }
        return hold;
    }

    private static long wholeSeconds(Duration ttl) {
        if (ttl.getNano() != 0 || ttl.getSeconds() < 1 || ttl.getSeconds() > LONGEST_TTL_SECONDS) {
            throw new IllegalArgumentException(
                    "the time to live of a hold must be whole seconds from 1 to " + LONGEST_TTL_SECONDS + ": " + ttl);
        }
        return ttl.getSeconds();
    }

    private static void requireRevision(long expectedModRevision) {
        if (expectedModRevision < 0) {
            throw new IllegalArgumentException("the expected modRevision must not be negative: " + expectedModRevision
                    + "; 0 says that the key is absent");
        }
    }

    private byte[] encode(T value) {
        return Objects.requireNonNull(
                codec().encode(Objects.requireNonNull(value, "value")), "the codec encoded to null");
    }

    private Write write(String verb, byte @Nullable [] bytes) {
        return new Write(verb, key, bytes == null ? 0 : bytes.length);
    }

    private Store store() {
        return keyspace.feeds().store();
    }
}
