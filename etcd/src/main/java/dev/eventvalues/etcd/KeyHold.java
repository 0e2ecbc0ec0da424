package dev.eventvalues.etcd;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.HoldStatus;
import dev.eventvalues.etcd.wire.LiveHold;
import dev.eventvalues.internal.Cell;
import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Source;
import dev.eventvalues.internal.Waiter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The holding of one key. */
final class KeyHold implements Hold {
    private final Key key;
    private final LiveHold live;
    private final Duration closingTime;

    /**
     * Creates the handle.
     *
     * @param key for messages
     * @param live what runs
     * @param closingTime how long {@link #close} may block
     */
    KeyHold(Key key, LiveHold live, Duration closingTime) {
        this.key = key;
        this.live = live;
        this.closingTime = closingTime;
    }

    /** Blocks until the first attempt is decided; then its outcome. */
    HoldStatus awaitDecision() throws InterruptedException {
        return Objects.requireNonNull(
                Waiter.await(new Turn(status -> !(status instanceof HoldStatus.Undecided)), Long.MAX_VALUE));
    }

    @Override
    public ValueReader<State> state() {
        return new States();
    }

    @Override
    public void close() {
        live.close();
        try {
            Waiter.await(new Turn(status -> !(status instanceof HoldStatus.Closing)), Cursor.saturated(closingTime));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HoldStatus now() {
        return Objects.requireNonNull(live.status().get()).at(LiveHold.now());
    }

    /** Waits for a status. */
    private final class Turn implements Waiter.Subject<HoldStatus, RuntimeException> {
        private final Predicate<HoldStatus> awaited;

        Turn(Predicate<HoldStatus> awaited) {
            this.awaited = awaited;
        }

        @Override
        public @Nullable HoldStatus attempt() {
            HoldStatus status = Objects.requireNonNull(live.status().get());
            return awaited.test(status) ? status : null;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(live.status().waiting());
        }
    }

    private final class States implements Source<State> {
        @Override
        public Watcher<State> watch() {
            return new Position(live.status());
        }

        @Override
        public Optional<State> current() {
            return Optional.of(shown());
        }
    }

    private State shown() {
        HoldStatus status = now();
        if (status instanceof HoldStatus.Held held) {
            return new Held(held.revision());
        }
        return status instanceof HoldStatus.Lost lost ? new Lost(lost.since(), lost.reason()) : new Closed();
    }

    /** Which state was delivered last. */
    private final class Position extends Cursor<State> {
        private final Cell<HoldStatus> cell;

        /** Written by the running call only; read by others to see whether it was the last. */
        private volatile @Nullable State delivered;

        private @Nullable State examined;

        Position(Cell<HoldStatus> cell) {
            this.cell = cell;
        }

        @Override
        protected Object examine() {
            if (delivered instanceof Closed) {
                throw new WatcherClosedException("the hold of key \"" + key + "\" is closed");
            }
            State now = shown();
            if (now.equals(examined)) {
                return Unseen.NOTHING;
            }
            examined = now;
            return now.equals(delivered) ? Unseen.SAME : now;
        }

        @Override
        protected void commit() {
            delivered = examined;
        }

        @Override
        protected void rollback() {
            examined = delivered;
        }

        @Override
        public void arm(Waiter waiter) {
            waiter.arm(cell.waiting());
        }

        @Override
        public boolean ended() {
            return super.ended() || delivered instanceof Closed;
        }

        @Override
        protected String missing() {
            return "it is still " + examined;
        }
    }

    /** Names the key and the state. */
    @Override
    public String toString() {
        return "Hold[" + key + ", " + shown() + "]";
    }
}
