package dev.eventvalues;

import dev.eventvalues.internal.Cell;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.ViewCursor;
import dev.eventvalues.internal.WaitList;
import dev.eventvalues.internal.Waiter;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value whose producer waits: {@link #set} returns once every watcher that was open has taken the state or closed. So
 * each watcher sees each state, at the price that the slowest sets the pace.
 *
 * <p><b>Taking.</b> A watcher takes a state when one of its calls looks at it, even if a condition then rejects it.
 * Closing a watcher counts as taking. A watcher that is dropped without closing is let go by a {@link Cleaner} some time
 * after it is collected: close them.
 *
 * <p><b>Order.</b> Setters queue, first come first served. A watcher that is opened while a {@code set} waits sees the
 * state but is not waited for; {@link #watch()} never waits.
 *
 * <p><b>Giving up.</b> If a waiting {@code set} is interrupted or its time is up after its turn came, the state stays
 * the newest, and watchers that have not taken it may skip it. If its turn never came, the state was not offered.
 *
 * <p>This is not a {@link ValueReader}: views and {@code await} look without taking on a consumer's duty to keep
 * looking, and would stop the producer for ever. Consumers keep a {@link Watcher} each and close it.
 *
 * <p><b>Memory consistency effects.</b> Actions before {@code set} <i>happen-before</i> actions after the {@code next}
 * that returns the state, and a watcher's taking happens-before actions after that {@code set} returns.
 *
 * @param <T> the states
 */
public final class RendezvousValue<T> implements ValueWriter<T> {
    /* A seat is what the value keeps of an open watcher: not the watcher itself, so that it can be collected. */
    private static final class Seat {}

    private static final class Offer<T> {
        private final T state;

        /** Those who must still take it. Seats leave from any thread. */
        private final Set<Seat> pending = ConcurrentHashMap.newKeySet();

        Offer(T state) {
            this.state = state;
        }
    }

    private final Cell<Offer<T>> cell = new Cell<>();

    /** Woken when an offer is taken by all, and when a setter leaves the queue. */
    private final WaitList progress = new WaitList();

    private final ReentrantLock lock = new ReentrantLock();

    /** The open watchers. Guarded by {@link #lock}. */
    private final Set<Seat> seats = new HashSet<>();

    /** The setters; the first has its turn. Guarded by {@link #lock}. */
    private final Deque<Object> queue = new ArrayDeque<>();

    /** The offer of the setter that has its turn, or of the last. Guarded by {@link #lock}. */
    private @Nullable Offer<T> current;

    /** Creates an unset value. */
    public RendezvousValue() {}

    /**
     * Opens a watcher that every later {@link #set} waits for, until it is closed. Never blocks.
     *
     * @return a watcher whose first {@code next} returns the state that is current then
     */
    public Watcher<T> watch() {
        Seat seat = new Seat();
        locked(() -> seats.add(seat));
        return new SeatedCursor<>(this, seat);
    }

    /**
     * Makes {@code value} the newest state and waits until every watcher that is open now has taken it or closed.
     *
     * @param value the new state, not null
     * @throws InterruptedException if the thread is or becomes interrupted while it waits
     */
    @Override
    public void set(T value) throws InterruptedException {
        set(value, Long.MAX_VALUE);
    }

    /**
     * Makes {@code value} the newest state and waits until every watcher that is open now has taken it or closed, up to
     * a time.
     *
     * @param value the new state, not null
     * @param timeout how long to wait; at or below zero is one try
     * @throws TimeoutException if some had not in time, saying how many; the state stays
     * @throws InterruptedException if the thread is or becomes interrupted while it waits
     */
    public void set(T value, Duration timeout) throws InterruptedException, TimeoutException {
        String outcome = set(value, Cursor.saturated(timeout));
        if (outcome != null) {
            throw new TimeoutException(outcome + " within " + timeout);
        }
    }

    /** Returns null, or what did not happen in time. */
    private @Nullable String set(T value, long timeoutNanos) throws InterruptedException {
        Offer<T> offer = new Offer<>(Objects.requireNonNull(value, "value"));
        long start = System.nanoTime();
        locked(() -> queue.add(offer));
        try {
            if (!await(() -> locked(() -> queue.peek() == offer), timeoutNanos)) {
                return "not offered: " + locked(queue::size) + " setters were queued, this one included";
            }
            locked(() -> {
                current = offer;
                return offer.pending.addAll(seats);
            });
            cell.set(offer);
            long left = timeoutNanos == Long.MAX_VALUE ? timeoutNanos : timeoutNanos - (System.nanoTime() - start);
            if (!await(offer.pending::isEmpty, left)) {
                return offer.pending.size() + " watchers did not take the state";
            }
            return null;
        } finally {
            locked(() -> queue.remove(offer));
            progress.wakeAll();
        }
    }

    private boolean await(Supplier<Boolean> condition, long timeoutNanos) throws InterruptedException {
        return Waiter.await(
                        new Waiter.Subject<Boolean, RuntimeException>() {
                            @Override
                            public @Nullable Boolean attempt() {
                                return condition.get() ? true : null;
                            }

                            @Override
                            public void arm(Waiter waiter) {
                                waiter.arm(progress);
                            }
                        },
                        timeoutNanos)
                != null;
    }

    private void take(@Nullable Offer<T> offer, Seat seat) {
        if (offer != null && offer.pending.remove(seat) && offer.pending.isEmpty()) {
            progress.wakeAll();
        }
    }

    private void leave(Seat seat) {
        take(
                locked(() -> {
                    seats.remove(seat);
                    return current;
                }),
                seat);
    }

    /** Short sections of our own code; nothing waits inside. */
    private <R extends @Nullable Object> R locked(Supplier<R> section) {
        lock.lock();
        try {
            return section.get();
        } finally {
            lock.unlock();
        }
    }

    private static final class SeatedCursor<T> extends ViewCursor<Offer<T>, T> {
        private static final Cleaner CLEANER = Cleaner.create();

        private final RendezvousValue<T> value;
        private final Seat seat;
        private final Cleaner.Cleanable cleanable;

        SeatedCursor(RendezvousValue<T> value, Seat seat) {
            super(value.cell.cursor());
            this.value = value;
            this.seat = seat;
            this.cleanable = CLEANER.register(this, () -> value.leave(seat));
        }

        @Override
        protected Object view(Offer<T> offer) {
            value.take(offer, seat);
            return offer.state;
        }

        @Override
        protected void release() {
            cleanable.clean();
        }
    }
}
