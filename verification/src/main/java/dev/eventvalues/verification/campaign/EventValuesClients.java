package dev.eventvalues.verification.campaign;

import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.Change;
import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.Entry;
import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValue;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Freshness;
import dev.eventvalues.etcd.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Watchers of this library: of single keys, their entries, the range and its changes, and of how fresh they are. */
final class EventValuesClients implements Clients {
    static final Duration STALE_AFTER = Duration.ofSeconds(1);

    /** Short, so that what only guests follow ends once they have left. */
    private static final Duration LINGER = Duration.ofMillis(500);

    private final Access access;
    private final Crowd crowd;
    private final EtcdValues values;
    private final List<Consumer<?>> eager = new ArrayList<>();

    // by the thread that gives the orders
    private @Nullable Disturbance disturbance;
    private @Nullable Guests guests;

    EventValuesClients(Access access, Crowd crowd) {
        this.access = access;
        this.crowd = crowd;
        this.values = connect(access);
        this.disturbance = new Disturbance(connect(access));
        EtcdRange<String> range = values.prefix("", Codec.utf8());
        for (String key : Writer.KEYS) {
            EtcdValue<String> value = values.value(key, Codec.utf8());
            eager.add(crowd.eager(key, key, Feed.of(value.watch()), state -> shown("eager " + key, key, state)));
            crowd.asleep(key, key, Feed.of(value.watch()), state -> shown("asleep " + key, key, state));
        }
        EtcdValue<String> first = values.value(Writer.KEYS.get(0), Codec.utf8());
        String key = Writer.KEYS.get(0);
        eager.add(
                crowd.eager("entries", key, Feed.of(first.entries().watch()), state -> entry("eager entries", state)));
        crowd.asleep("entries", key, Feed.of(first.entries().watch()), state -> entry("asleep entries", state));
        eager.add(crowd.eager("range", null, Feed.of(range.watch()), state -> shown("eager range", state)));
        crowd.asleep("range", null, Feed.of(range.watch()), state -> shown("asleep range", state));
        eager.add(crowd.eager(
                "changes", null, Feed.of(range.changes().watch()), state -> changed("eager changes", state)));
        crowd.asleep("changes", null, Feed.of(range.changes().watch()), state -> changed("asleep changes", state));
        listen("freshness of the range", range.freshness().watch());
        listen("freshness of " + key, first.freshness().watch());
        crowd.start("claims", new Claims(crowd, first, key, range));
    }

    private static EtcdValues connect(Access access) {
        EtcdValues.Builder settings = EtcdValues.builder()
                .endpoints(access.endpoints().toArray(String[]::new))
                .namespace(access.prefix())
                .staleAfter(STALE_AFTER)
                .linger(LINGER);
        Access.Login login = access.login();
        if (login != null) {
            settings.credentials(login.user(), () -> read(login.passwordFile()).toCharArray())
                    .trust(Path.of(login.trustPem()));
        }
        return settings.build();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Sighting shown(String watcher, String key, Optional<String> state) {
        return new Sighting.OfKey(watcher, System.nanoTime(), key, state.orElse(null), 0);
    }

    private static Sighting entry(String watcher, Optional<Entry<String>> entry) {
        return new Sighting.OfKey(
                watcher,
                System.nanoTime(),
                Writer.KEYS.get(0),
                entry.map(Entry::value).orElse(null),
                entry.map(Entry::modRevision).orElse(0L));
    }

    static Sighting.OfRange shown(String watcher, Snapshot<String> snapshot) {
        SortedMap<String, Sighting.Held> held = new TreeMap<>();
        snapshot.values()
                .forEach((key, value) -> held.put(
                        key.toString(),
                        new Sighting.Held(
                                value,
                                snapshot.entry(key).map(Entry::modRevision).orElse(0L))));
        return new Sighting.OfRange(watcher, System.nanoTime(), snapshot.epoch(), snapshot.revision(), held);
    }

    static Sighting changed(String watcher, Changes<String> changes) {
        List<Sighting.Delta> deltas = new ArrayList<>(
                changes.changes().stream().map(EventValuesClients::delta).toList());
        return new Sighting.OfChanges(
                watcher, System.nanoTime(), deltas, shown(watcher, changes.after()), changes.resync());
    }

    private static Sighting.Delta delta(Change<String> change) {
        String key = change.key().toString();
        if (change instanceof Change.Added<String> added) {
            return new Sighting.Delta(key, null, added.value());
        }
        if (change instanceof Change.Updated<String> updated) {
            return new Sighting.Delta(key, updated.before(), updated.after());
        }
        return new Sighting.Delta(key, ((Change.Removed<String>) change).before(), null);
    }

    private void listen(String name, Watcher<Freshness> watcher) {
        crowd.start(name, () -> {
            try {
                while (true) {
                    Freshness told = watcher.next();
                    crowd.note(new Sighting.OfFreshness(
                            name, System.nanoTime(), told instanceof Freshness.Fresh, told.toString()));
                }
            } catch (WatcherClosedException | InterruptedException e) {
                // it is over
            }
        });
    }

    @Override
    public void disturb(List<Order.Ending> endings) {
        eager.forEach(Consumer::interrupt);
        if (disturbance != null) {
            disturbance.strike(endings);
        }
    }

    @Override
    public void welcome(Order.Welcome order) {
        endDisturbance();
        disturbance = new Disturbance(connect(access));
        Guests entering = new Guests(values, () -> connect(access), crowd, order);
        entering.enter();
        guests = entering;
    }

    @Override
    public Guests bidFarewell(List<String> left) throws InterruptedException {
        endDisturbance();
        Guests leaving = guests;
        if (leaving == null) {
            throw new IllegalStateException("there are no guests");
        }
        left.addAll(leaving.leave());
        guests = null;
        return leaving;
    }

    private void endDisturbance() {
        if (disturbance != null) {
            disturbance.close();
            disturbance = null;
        }
    }

    @Override
    public void close(List<Order.Ending> endings) {
        endDisturbance();
        endings.add(Disturbance.timed("the connection", values::close));
    }
}
