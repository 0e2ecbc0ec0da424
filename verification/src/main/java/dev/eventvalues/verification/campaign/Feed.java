package dev.eventvalues.verification.campaign;

import dev.eventvalues.Watcher;
import java.util.Optional;

/** Where a consumer takes states from; throws what a {@link Watcher} does. */
interface Feed<T> {
    T next() throws InterruptedException;

    Optional<T> poll();

    static <T> Feed<T> of(Watcher<T> watcher) {
        return new Feed<>() {
            @Override
            public T next() throws InterruptedException {
                return watcher.next();
            }

            @Override
            public Optional<T> poll() {
                return watcher.poll();
            }
        };
    }
}
