package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.HoldStatus;
import dev.eventvalues.internal.Waiter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The keys that are held over one connection. */
public final class Holds implements AutoCloseable {
    /** How long giving all of them back may take when the connection is closed. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Store store;
    private final Leases leases;
    private final Clockwork clockwork;
    private final Connection.Settings settings;
    private final Set<LiveHold> open = ConcurrentHashMap.newKeySet();

    Holds(Store store, Leases leases, Clockwork clockwork, Connection.Settings settings) {
        this.store = store;
        this.leases = leases;
        this.clockwork = clockwork;
        this.settings = settings;
    }

    /**
     * Starts to hold a key.
     *
     * @param key which, with the namespace
     * @param value what it is to hold; not written to from now on
     * @param seconds the time to live of its lease
     * @param feed shows the key; closed in the end
     * @return to be closed
     */
    public LiveHold start(Key key, byte[] value, long seconds, Feeds.Hold feed) {
        LiveHold hold = new LiveHold(this, key, value, seconds, feed);
        open.add(hold);
        hold.start();
        return hold;
    }

    /**
     * How long giving a key back may take.
     *
     * @return the request timeout
     */
    public Duration closingTime() {
        return settings.requestTimeout();
    }

    void ended(LiveHold hold) {
        open.remove(hold);
    }

    Store store() {
        return store;
    }

    Leases leases() {
        return leases;
    }

    Clockwork clockwork() {
        return clockwork;
    }

    Backoff backoff() {
        return settings.backoff();
    }

    /** Gives all of them back, and waits a little for that. */
    @Override
    public void close() {
        open.forEach(LiveHold::close);
        long most = Math.min(TimeUnit.NANOSECONDS.convert(closingTime()), TimeUnit.NANOSECONDS.convert(LAST_WORDS));
        try {
            Waiter.await(new AllClosed(), most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(LiveHold::end);
    }

    private final class AllClosed implements Waiter.Subject<Boolean, RuntimeException> {
        private final LiveHold[] all = open.toArray(LiveHold[]::new);

        @Override
        public @Nullable Boolean attempt() {
            for (LiveHold hold : all) {
                if (!(hold.status().get() instanceof HoldStatus.Closed)) {
                    return null;
                }
            }
            return true;
        }

        @Override
        public void arm(Waiter waiter) {
            for (LiveHold hold : all) {
                waiter.arm(hold.status().waiting());
            }
        }
    }
}
