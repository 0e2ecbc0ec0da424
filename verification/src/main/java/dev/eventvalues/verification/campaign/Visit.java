package dev.eventvalues.verification.campaign;

import dev.eventvalues.Registration;
import dev.eventvalues.Select;
import dev.eventvalues.Values;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.Entry;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Freshness;
import dev.eventvalues.etcd.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** What a guest does: it opens something, uses it for a while, and closes it. */
enum Visit {
    TAKES_THE_RANGE("takes all states of the range until none comes for a while") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Snapshot<String>> watcher = guest.range().watch()) {
                for (int i = 0; i < MANY; i++) {
                    guest.sees(watcher.next(guest.moment()));
                }
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    TAKES_CHANGES("takes all changes of the range until none comes for a while") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Changes<String>> watcher = guest.range().changes().watch()) {
                for (int i = 0; i < MANY; i++) {
                    guest.sees(watcher.next(guest.moment()));
                }
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    LOOKS_AT_A_KEY("looks once at a key") {
        @Override
        void make(Guest guest) {
            String key = guest.key();
            try (Watcher<Optional<String>> watcher = guest.value(key).watch()) {
                watcher.poll().ifPresent(state -> guest.sees(key, state));
            }
            guest.value(key).current().ifPresent(guest::isGiven);
        }
    },

    LOOKS_AT_THE_RANGE("looks once at the range, and walks through a part of it") {
        @Override
        void make(Guest guest) {
            guest.range()
                    .current()
                    .ifPresent(snapshot -> snapshot.values()
                            .forEach((key, value) ->
                                    guest.isGiven(snapshot.entry(key).map(Entry::modRevision))));
        }
    },

    GIVES_UP("waits for the next state of a key, and gives up soon") {
        @Override
        void make(Guest guest) throws InterruptedException {
            String key = guest.key();
            try (Watcher<Optional<String>> watcher = guest.value(key).watch()) {
                guest.sees(key, watcher.next(guest.moment()));
                guest.sees(key, watcher.next(Duration.ofMillis(1)));
            } catch (TimeoutException e) {
                // as it is meant to
            }
        }
    },

    WAITS_IN_VAIN("waits for what never comes") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try {
                guest.isGiven(guest.value(guest.key())
                        .await(state -> state.filter("never"::equals).isPresent(), guest.moment()));
            } catch (TimeoutException e) {
                // as it is meant to
            }
        }
    },

    IS_INTERRUPTED("is interrupted while it waits") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Optional<String>> watcher = guest.value(guest.key()).watch()) {
                watcher.poll();
                Thread.currentThread().interrupt();
                guest.isGiven(watcher.next());
            } catch (InterruptedException e) {
                // as it is meant to
            }
        }
    },

    CANCELS("waits without a thread, and cancels that") {
        @Override
        void make(Guest guest) {
            try (Watcher<Snapshot<String>> watcher = guest.range().watch()) {
                CompletableFuture<Snapshot<String>> next = watcher.nextAsync(guest.executor());
                guest.pause();
                next.cancel(true);
            }
        }
    },

    CLOSES_WHILE_WAITING("waits without a thread, and closes what it waits for") {
        @Override
        void make(Guest guest) {
            CompletableFuture<Snapshot<String>> next;
            try (Watcher<Snapshot<String>> watcher = guest.range().watch()) {
                watcher.poll();
                next = watcher.nextAsync(guest.executor());
            }
            try {
                guest.isGiven(next.join());
            } catch (CompletionException e) {
                Throwable cause = e.getCause();
                if (!(cause instanceof WatcherClosedException)) {
                    guest.isRefused(cause == null ? e : cause);
                }
            }
        }
    },

    LISTENS("listens to a key for a moment") {
        @Override
        void make(Guest guest) {
            String key = guest.key();
            Registration listening =
                    guest.value(key).onChange(state -> guest.sees(key, state), guest::isRefused, guest.executor());
            guest.rest();
            listening.close();
        }
    },

    LISTENS_SLOWLY("listens to the range, and takes its time with each state") {
        @Override
        void make(Guest guest) {
            Registration listening = guest.range()
                    .onChange(
                            state -> {
                                guest.sees(state);
                                LockSupport.parkNanos(SLOW.toNanos());
                            },
                            guest::isRefused,
                            guest.executor());
            guest.rest();
            listening.close();
        }
    },

    SUBSCRIBES("subscribes, takes three states and cancels") {
        @Override
        void make(Guest guest) {
            Few few = new Few(guest);
            guest.range().publisher(guest.executor()).subscribe(few);
            guest.rest();
            few.cancel();
        }
    },

    USES_VIEWS("takes the next state of a view on a view on two keys") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<String> watcher = Values.combine(
                            guest.value(guest.key()).orElse("absent").map(String::length),
                            guest.value(guest.key()).distinct().filter(state -> true),
                            (length, other) -> length + " and " + other)
                    .distinct()
                    .watch()) {
                guest.isGiven(watcher.next(guest.moment()));
                guest.isGiven(watcher.next(guest.moment()));
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    SELECTS("waits for two keys at once") {
        @Override
        void make(Guest guest) throws Exception {
            String one = guest.key();
            try (Select select = new Select()) {
                select.on(guest.value(one), state -> guest.sees(one, state), guest::isRefused);
                select.on(guest.range().freshness(), guest::isGiven);
                for (int i = 0; i < MANY && select.runOnce(guest.moment()); i++) {
                    // it has noted it itself
                }
            }
        }
    },

    TAKES_ENTRIES("takes two states of a key with their revisions") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Optional<Entry<String>>> watcher =
                    guest.value(guest.key()).entries().watch()) {
                guest.isGiven(watcher.next(guest.moment()));
                guest.isGiven(watcher.next(guest.moment()));
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    ASKS_HOW_FRESH("watches how fresh a key is") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Freshness> watcher =
                    guest.value(guest.key()).freshness().watch()) {
                guest.isGiven(watcher.next(guest.moment()));
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    FOLLOWS_A_PART("follows a part of the range that nobody else follows") {
        @Override
        void make(Guest guest) throws InterruptedException {
            try (Watcher<Snapshot<String>> watcher =
                    guest.values().range("b", "e", Codec.utf8()).watch()) {
                guest.isGiven(watcher.next(guest.moment()));
                guest.isGiven(watcher.next(guest.moment()));
            } catch (TimeoutException e) {
                // enough
            }
        }
    },

    FOLLOWS_A_STRANGER("keeps a key warm that nobody else follows and nobody writes") {
        @Override
        void make(Guest guest) throws InterruptedException {
            Registration warm = guest.value("stranger").keepWarm();
            try {
                guest.isGiven(guest.value("stranger").await(guest.moment()));
            } catch (TimeoutException e) {
                // there is an outage
            } finally {
                warm.close();
            }
        }
    },

    CONNECTS("has a connection of its own, and leaves it with all that is open on it") {
        @Override
        void make(Guest guest) throws InterruptedException {
            Watcher<Snapshot<String>> watcher;
            try (EtcdValues own = guest.connection()) {
                watcher = own.prefix("", Codec.utf8()).watch();
                guest.sees(watcher.next(guest.moment().multipliedBy(2)));
            } catch (TimeoutException e) {
                // it was too short for a handshake, or there is an outage
            }
        }
    },

    SLEEPS("opens a watcher of the range, and looks only much later") {
        @Override
        void make(Guest guest) {
            try (Watcher<Snapshot<String>> watcher = guest.range().watch()) {
                guest.rest();
                guest.rest();
                watcher.poll().ifPresent(guest::sees);
            }
        }
    };

    private static final int MANY = 10;
    private static final Duration SLOW = Duration.ofMillis(20);

    private final String description;

    Visit(String description) {
        this.description = description;
    }

    /** Makes it. What ends it in an ordinary way is not thrown. */
    abstract void make(Guest guest) throws Exception;

    @Override
    public String toString() {
        return description;
    }

    /** Takes three states. Used by the publisher, which calls one after the other, and by who cancels. */
    private static final class Few implements Flow.Subscriber<Snapshot<String>> {
        private final Guest guest;
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        Few(Guest guest) {
            this.guest = guest;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            given.request(3);
        }

        @Override
        public void onNext(Snapshot<String> state) {
            guest.sees(state);
        }

        @Override
        public void onError(Throwable failure) {
            guest.isRefused(failure);
        }

        @Override
        public void onComplete() {}

        void cancel() {
            subscription.join().cancel();
        }
    }
}
