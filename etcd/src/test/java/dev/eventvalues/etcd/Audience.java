package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Consumers of all kinds: of single keys, of a whole range, and of its changes, which are put together again. Those that
 * are awake take each state as it comes, each on a thread of its own; the others look only when they are asked what they
 * see. What they are told must fit what they were told before.
 */
final class Audience implements AutoCloseable {
    private final List<Watcher<?>> watchers = new ArrayList<>();
    private final List<Runnable> looks = new ArrayList<>();
    private final List<Call<Void>> calls = new ArrayList<>();
    private final List<String> names;
    private final boolean awake;

    /* What is seen. Guarded by this. */
    private final Map<String, Optional<String>> values = new TreeMap<>();
    private SortedMap<String, String> range = new TreeMap<>();
    private final SortedMap<String, String> folded = new TreeMap<>();
    private long revision;
    private long epoch;
    private int resyncs;
    private @Nullable Throwable misfit;

    Audience(EtcdKeys keys, List<String> names, boolean awake) {
        this.names = names;
        this.awake = awake;
        for (String name : names) {
            watch(keys.value(name, Codec.utf8()).watch(), value -> values.put(name, value));
        }
        EtcdRange<String> all = keys.prefix("", Codec.utf8());
        watch(all.watch(), this::see);
        watch(all.changes().watch(), this::fold);
    }

    private interface Taker<T> {
        void take(T state);
    }

    private <T> void watch(Watcher<T> watcher, Taker<T> taker) {
        watchers.add(watcher);
        if (awake) {
            calls.add(Call.to(() -> {
                try {
                    while (true) {
                        take(watcher.next(), taker);
                    }
                } catch (WatcherClosedException e) {
                    return; // it is over
                }
            }));
        } else {
            looks.add(() -> {
                for (Optional<T> state = watcher.poll(); state.isPresent(); state = watcher.poll()) {
                    take(state.get(), taker);
                }
            });
        }
    }

    private synchronized <T> void take(T state, Taker<T> taker) {
        try {
            taker.take(state);
        } catch (AssertionError e) {
            misfit = misfit == null ? e : misfit;
        }
    }

    private void see(Snapshot<String> snapshot) {
        assertThat(snapshot.epoch()).isGreaterThanOrEqualTo(epoch);
        if (snapshot.epoch() == epoch) {
            assertThat(snapshot.revision()).isGreaterThanOrEqualTo(revision);
        }
        epoch = snapshot.epoch();
        revision = snapshot.revision();
        range = ThreeMembers.text(snapshot);
    }

    private void fold(Changes<String> changes) {
        for (Change<String> change : changes.changes()) {
            String key = change.key().toString();
            String before = folded.get(key);
            if (change instanceof Change.Added<String> added) {
                assertThat(before).as("%s was added", key).isNull();
                folded.put(key, added.value());
            } else if (change instanceof Change.Updated<String> updated) {
                assertThat(before).as("%s was updated", key).isEqualTo(updated.before());
                folded.put(key, updated.after());
            } else if (change instanceof Change.Removed<String> removed) {
                assertThat(before).as("%s was removed", key).isEqualTo(removed.before());
                folded.remove(key);
            }
        }
        assertThat(folded).isEqualTo(ThreeMembers.text(changes.after()));
        resyncs += changes.resync() ? 1 : 0;
    }

    /** Whether everybody sees this now. */
    synchronized boolean sees(SortedMap<String, String> expected) {
        looks.forEach(Runnable::run);
        checkFit();
        return range.equals(expected)
                && folded.equals(expected)
                && names.stream()
                        .allMatch(
                                name -> Optional.ofNullable(expected.get(name)).equals(values.get(name)));
    }

    /** How often another store was told. */
    synchronized int resyncs() {
        return resyncs;
    }

    private void checkFit() {
        if (misfit != null) {
            throw new AssertionError("what was told does not fit what was told before", misfit);
        }
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
        calls.forEach(Call::result);
        checkFit();
    }

    @Override
    public synchronized String toString() {
        return (awake ? "awake: " : "asleep: ") + values + ", range " + range + ", changes " + folded;
    }
}
