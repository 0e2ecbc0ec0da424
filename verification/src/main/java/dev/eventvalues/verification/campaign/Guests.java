package dev.eventvalues.verification.campaign;

import dev.eventvalues.etcd.EtcdValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Those who come and go on a connection that stays: on each of some threads one visit follows the other. All that a visit
 * opens, it closes, so that when the guests have left nothing may be left of them.
 */
final class Guests {
    private static final List<Visit> VISITS = List.of(Visit.values());
    private static final int THREADS = 3;
    private static final int CALLBACK_THREADS = 2;
    private static final int LONGEST_PAUSE_MILLIS = 20;
    private static final long GONE_WITHIN_SECONDS = 10;

    /** What is not cleaned up on purpose, for as long as this process lives. */
    private static final List<AutoCloseable> LEFT_BEHIND = new ArrayList<>(); // guarded by LEFT_BEHIND

    private final EtcdValues values;
    private final Supplier<EtcdValues> connections;
    private final Crowd crowd;
    private final Order.Welcome order;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ExecutorService callbacks = Executors.newFixedThreadPool(CALLBACK_THREADS);
    private final AtomicInteger guests = new AtomicInteger();
    private final AtomicLong deliveries = new AtomicLong();
    private volatile boolean over; // written by the thread that lets them out

    // guarded by this
    private final SortedMap<String, Long> visits = new TreeMap<>();

    /**
     * New guests.
     *
     * @param values the connection that stays
     * @param connections opens others
     */
    Guests(EtcdValues values, Supplier<EtcdValues> connections, Crowd crowd, Order.Welcome order) {
        this.values = values;
        this.connections = connections;
        this.crowd = crowd;
        this.order = order;
    }

    void enter() {
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(order.seed() * THREADS + i);
            threads.execute(() -> {
                while (!over) {
                    visit(random);
                    Scene.pass(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
                }
            });
        }
    }

    private void visit(Random random) {
        int number = guests.getAndIncrement();
        Visit visit = VISITS.get(random.nextInt(VISITS.size()));
        Guest guest = new Guest(Guest.TITLE + number + " who " + visit, random, values, callbacks, this);
        try {
            visit.make(guest);
        } catch (Exception e) {
            guest.isRefused(e);
        }
        synchronized (this) {
            visits.merge(visit.toString(), 1L, Math::addExact);
        }
        leaveSomethingBehind(guest, number);
    }

    private void leaveSomethingBehind(Guest guest, int number) {
        if (order.leak() != Leak.nothing && order.leak().isDue(number)) {
            synchronized (LEFT_BEHIND) {
                try {
                    LEFT_BEHIND.add(order.leak().made(values, guest.range(), LEFT_BEHIND.size()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Waits until all have left, and says who has not. */
    List<String> leave() throws InterruptedException {
        over = true;
        threads.shutdown();
        boolean gone = threads.awaitTermination(GONE_WITHIN_SECONDS, TimeUnit.SECONDS);
        callbacks.shutdown();
        gone &= callbacks.awaitTermination(GONE_WITHIN_SECONDS, TimeUnit.SECONDS);
        return gone ? List.of() : List.of("guests who do not leave within " + GONE_WITHIN_SECONDS + " s");
    }

    EtcdValues connection() {
        return connections.get();
    }

    void note(Sighting sighting) {
        crowd.note(sighting);
    }

    void count(Object given) {
        Objects.requireNonNull(given);
        deliveries.incrementAndGet();
    }

    /** How many there were, by what they did. */
    synchronized SortedMap<String, Long> visits() {
        return new TreeMap<>(visits);
    }

    /** How often one of them was given something. */
    long deliveries() {
        return deliveries.get();
    }
}
