package dev.eventvalues;

import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Source;
import dev.eventvalues.internal.WaitList;
import dev.eventvalues.internal.Waiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One loop over many values: waits until any of them has a new state and runs its handler, on the calling thread.
 *
 * <pre>{@code
 * try (Select select = new Select()) {
 *     select.on(address, this::rebind)
 *           .on(limits, this::resize)
 *           .every(Duration.ofMinutes(1), now -> report())
 *           .run();
 * }
 * }</pre>
 *
 * <p>The handlers share a thread, so they need no locks between them. A busy value cannot starve the others: in each
 * round every value that has a new state gets its turn, with one state.
 *
 * <p><b>Failures.</b> What a handler throws ends {@link #run} or {@link #runOnce} and is thrown there; the loop may be
 * run again. A failed state (from a mapper or decoder) goes to the value's {@code onFailure}, or is thrown if there is
 * none.
 *
 * <p><b>Threads.</b> One thread runs the loop at a time; {@link #on}, {@link #every} and {@link #close} may be called
 * from any thread, and from handlers.
 */
public final class Select implements AutoCloseable {
    /**
     * What to do with a state.
     *
     * @param <T> the states
     */
    @FunctionalInterface
    public interface Handler<T> {
        /**
         * Handles one state, on the thread that runs the loop.
         *
         * @param value the state
         * @throws Exception to end the loop
         */
        void handle(T value) throws Exception;
    }

    private static final long FOR_EVER = Long.MAX_VALUE / 4; // nanoseconds; a later due time could overflow

    private final LongSupplier nanoTime;
    private final Clock clock;
    private final List<Branch<?>> branches = new CopyOnWriteArrayList<>();
    private final List<Tick> ticks = new CopyOnWriteArrayList<>();

    /** Woken by {@link #on}, {@link #every} and {@link #close}. */
    private final WaitList changed = new WaitList();

    private final AtomicBoolean running = new AtomicBoolean();

    /** Set once, by any thread. */
    private volatile boolean closed;

    /** Creates a loop over nothing. */
    public Select() {
        this(System::nanoTime, Clock.systemUTC());
    }

    Select(LongSupplier nanoTime, Clock clock) {
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /**
     * Adds a value; its current state is the first to be handled.
     *
     * @param <T> the states
     * @param value what to follow
     * @param handler gets each newest state
     * @return this
     * @throws IllegalArgumentException if the reader is not one of this library
     * @throws IllegalStateException if this is closed
     */
    public <T> Select on(ValueReader<? extends T> value, Handler<? super T> handler) {
        Objects.requireNonNull(handler, "handler");
        return add(new Branch<T>(Cursor.open(Source.check(value)), handler, null));
    }

    /**
     * Adds a value whose failed states are handled too.
     *
     * @param <T> the states
     * @param value what to follow
     * @param handler gets each newest state
     * @param onFailure gets what a mapper, condition, comparator or decoder threw, or the backend's refusal
     * @return this
     * @throws IllegalArgumentException if the reader is not one of this library
     * @throws IllegalStateException if this is closed
     */
    public <T> Select on(
            ValueReader<? extends T> value, Handler<? super T> handler, Handler<? super RuntimeException> onFailure) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(onFailure, "onFailure");
        return add(new Branch<T>(Cursor.open(Source.check(value)), handler, onFailure));
    }

    /**
     * Adds a task that runs once each period, first after one period. Ticks that are missed because handlers ran longer
     * are made up for by one.
     *
     * @param period more than zero
     * @param task gets the time at which it starts
     * @return this
     * @throws IllegalArgumentException if the period is not positive
     * @throws IllegalStateException if this is closed
     */
    public Select every(Duration period, Handler<? super Instant> task) {
        Objects.requireNonNull(task, "task");
        long nanos = Cursor.saturated(period);
        if (nanos <= 0) {
            throw new IllegalArgumentException("a period must be positive: " + period);
        }
        requireOpen();
        ticks.add(new Tick(nanos, nanoTime.getAsLong(), task));
        changed.wakeAll();
        return this;
    }

    /**
     * Runs the loop until {@link #close} is called; then, and if it was closed before, returns.
     *
     * @throws InterruptedException if the thread is or becomes interrupted; nothing is lost
     * @throws Exception what a handler threw
     * @throws IllegalStateException if another thread runs the loop
     */
    public void run() throws Exception {
        enter();
        try {
            while (!closed) {
                round(Long.MAX_VALUE);
            }
        } finally {
            running.set(false);
        }
    }

    /**
     * Runs one round: each value with a new state, and each task that is due, in turn, once. Waits if there is none.
     *
     * @param timeout how long to wait; at or below zero is one try
     * @return true if any handler ran; false if the time was up or this is closed
     * @throws InterruptedException if the thread is or becomes interrupted; nothing is lost
     * @throws Exception what a handler threw
     * @throws IllegalStateException if another thread runs the loop
     */
    public boolean runOnce(Duration timeout) throws Exception {
        long timeoutNanos = Cursor.saturated(timeout);
        enter();
        try {
            return round(timeoutNanos);
        } finally {
            running.set(false);
        }
    }

    /** Ends the loop: {@link #run} returns after the running handler. Idempotent, from any thread, never throws. */
    @Override
    public void close() {
        closed = true;
        changed.wakeAll();
        branches.forEach(branch -> branch.cursor.close());
    }

    private <T> Select add(Branch<T> branch) {
        branches.add(branch);
        if (closed) {
            branch.cursor.close();
        }
        requireOpen();
        changed.wakeAll();
        return this;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the Select is closed");
        }
    }

    private void enter() {
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException("another thread runs this Select");
        }
    }

    private boolean round(long timeoutNanos) throws Exception {
        long start = nanoTime.getAsLong();
        while (true) {
            long left = timeoutNanos == Long.MAX_VALUE ? timeoutNanos : timeoutNanos - (nanoTime.getAsLong() - start);
            Round round = new Round(ticks.size()); // counted before the next is looked for, so that none is missed
            Boolean ran = Waiter.await(round, Math.min(left, untilNextTick()));
            if (ran != null && ran) {
                return true;
            }
            if (closed || left <= 0) {
                return false;
            }
        }
    }

    private long untilNextTick() {
        long now = nanoTime.getAsLong();
        return ticks.stream().mapToLong(tick -> tick.due - now).min().orElse(Long.MAX_VALUE);
    }

    /** True if a handler ran, false if there is no use in waiting on: closed, or there is another task to wait for. */
    private final class Round implements Waiter.Subject<Boolean, Exception> {
        private final int tasks;

        Round(int tasks) {
            this.tasks = tasks;
        }

        @Override
        public @Nullable Boolean attempt() throws Exception {
            boolean ran = false;
            for (Branch<?> branch : branches) {
                try {
                    ran |= !closed && branch.handleOne();
                } catch (WatcherClosedException e) {
                    if (!closed) {
                        throw e;
                    }
                }
            }
            for (Tick tick : ticks) {
                ran |= !closed && tick.runIfDue();
            }
            if (ran) {
                return true;
            }
            boolean over = closed || ticks.size() != tasks;
            return over ? Boolean.FALSE : null;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(changed);
            branches.forEach(branch -> branch.cursor.arm(waiter));
        }
    }

    private static final class Branch<T> {
        private final Cursor<T> cursor;
        private final Handler<? super T> handler;
        private final @Nullable Handler<? super RuntimeException> onFailure;

        Branch(Cursor<T> cursor, Handler<? super T> handler, @Nullable Handler<? super RuntimeException> onFailure) {
            this.cursor = cursor;
            this.handler = handler;
            this.onFailure = onFailure;
        }

        boolean handleOne() throws Exception {
            T state;
            try {
                state = cursor.take(null);
            } catch (RuntimeException failure) {
                if (onFailure == null || cursor.ended()) {
                    throw failure;
                }
                onFailure.handle(failure);
                return true;
            }
            if (state == null) {
                return false;
            }
            handler.handle(state);
            return true;
        }
    }

    private final class Tick {
        private final long period;
        private final Handler<? super Instant> task;

        /** Written by the thread that runs the loop. */
        private long due;

        Tick(long period, long now, Handler<? super Instant> task) {
            this.period = Math.min(period, FOR_EVER);
            this.task = task;
            this.due = now + this.period;
        }

        boolean runIfDue() throws Exception {
            long late = nanoTime.getAsLong() - due;
            if (late < 0) {
                return false;
            }
            due += (late / period + 1) * period;
            task.handle(clock.instant());
            return true;
        }
    }
}
