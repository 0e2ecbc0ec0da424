package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watchers of the {@linkplain ClassicWatcher classic algorithm}, of single keys and of the range. */
final class ClassicClients implements Clients {
    private final List<ClassicWatcher> watchers = new ArrayList<>();

    ClassicClients(Access access, Crowd crowd) {
        for (String key : Writer.KEYS) {
            crowd.eager(key, key, watch(access, key), news -> shown("eager " + key, news));
            crowd.asleep(key, key, watch(access, key), news -> shown("asleep " + key, news));
        }
        crowd.eager("range", null, watch(access, null), news -> shown("eager range", news));
        crowd.asleep("range", null, watch(access, null), news -> shown("asleep range", news));
    }

    private Feed<ClassicWatcher.News> watch(Access access, @Nullable String key) {
        ClassicWatcher watcher = new ClassicWatcher(access, key);
        watchers.add(watcher);
        return watcher;
    }

    private static Sighting shown(String watcher, ClassicWatcher.News news) {
        return new Sighting.OfKey(watcher, System.nanoTime(), news.key(), news.value(), 0);
    }

    @Override
    public void welcome(Order.Welcome guests) {
        throw new UnsupportedOperationException("nobody visits the control");
    }

    @Override
    public Guests bidFarewell(List<String> left) {
        throw new UnsupportedOperationException("nobody visits the control");
    }

    /** The control is not judged by how it ends. */
    @Override
    public void disturb(List<Order.Ending> endings) {}

    @Override
    public void close(List<Order.Ending> endings) {
        watchers.forEach(ClassicWatcher::close);
    }
}
