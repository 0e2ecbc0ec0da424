package dev.eventvalues.verification.campaign;

import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.EtcdException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One who takes states, notes them, and knows what they come to.
 *
 * @param <T> the states
 */
final class Consumer<T> {
    private final String name;
    private final Feed<T> feed;
    private final Function<T, Sighting> describe;
    private final Crowd crowd;
    private final @Nullable String key;
    private final boolean asleep;

    // guarded by this
    private final SortedMap<String, String> shown = new TreeMap<>();
    private boolean anything;

    private volatile @Nullable Thread taker; // written by itself

    /**
     * A consumer.
     *
     * @param asleep whether it looks only when asked what it shows
     * @param key the only one it sees; null if it sees the range
     */
    Consumer(
            String name,
            boolean asleep,
            @Nullable String key,
            Feed<T> feed,
            Function<T, Sighting> describe,
            Crowd crowd) {
        this.name = (asleep ? "asleep " : "eager ") + name;
        this.asleep = asleep;
        this.key = key;
        this.feed = feed;
        this.describe = describe;
        this.crowd = crowd;
    }

    String name() {
        return name;
    }

    /** Takes all there is until the feed is closed. An interrupt loses nothing. */
    void takeAll() {
        taker = Thread.currentThread();
        while (true) {
            try {
                take(feed.next());
            } catch (WatcherClosedException e) {
                return;
            } catch (InterruptedException e) {
                continue;
            } catch (EtcdException e) {
                refused(e);
            }
            crowd.rest();
        }
    }

    /** Interrupts its wait. */
    void interrupt() {
        Thread thread = taker;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void look() {
        while (true) {
            try {
                Optional<T> state = feed.poll();
                if (state.isEmpty()) {
                    return;
                }
                take(state.get());
            } catch (EtcdException e) {
                refused(e);
            }
        }
    }

    private void refused(EtcdException refusal) {
        crowd.note(new Sighting.OfRefusal(name, System.nanoTime(), refusal.toString()));
    }

    private void take(T state) {
        Sighting sighting = describe.apply(state);
        crowd.note(sighting); // first, so that what it shows has been noted
        synchronized (this) {
            fold(sighting);
        }
    }

    private void fold(Sighting sighting) {
        anything = true;
        if (sighting instanceof Sighting.OfKey one) {
            put(one.key(), one.value());
        } else if (sighting instanceof Sighting.OfRange range) {
            shown.clear();
            range.held().forEach((key, held) -> shown.put(key, held.value()));
        } else if (sighting instanceof Sighting.OfChanges changes) {
            changes.deltas().forEach(delta -> put(delta.key(), delta.after()));
        }
    }

    private void put(String key, @Nullable String value) {
        if (value == null) {
            shown.remove(key);
        } else {
            shown.put(key, value);
        }
    }

    /** Whether this is what it shows, as far as it looks. */
    boolean shows(SortedMap<String, String> state) {
        if (asleep) {
            look();
        }
        synchronized (this) {
            return key != null ? Objects.equals(state.get(key), shown.get(key)) : shown.equals(state);
        }
    }

    @Override
    public synchronized String toString() {
        Map<String, String> all = Collections.unmodifiableMap(shown);
        return name + " shows " + (anything ? all : "nothing");
    }
}
