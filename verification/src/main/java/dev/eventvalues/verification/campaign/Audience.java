package dev.eventvalues.verification.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Everybody who watches in one schedule: consumers that take each state as it comes, and sleepers that look only in the end.
 * Used by one thread.
 */
final class Audience {
    private static final long BETWEEN_LOOKS_MILLIS = 2;
    private static final long GONE_WITHIN_NANOS = 3_000_000_000L;

    private final Clients clients;
    private final Crowd crowd;
    private final List<Order.Ending> endings = new ArrayList<>();

    private Audience(Clients clients, Crowd crowd) {
        this.clients = clients;
        this.crowd = crowd;
    }

    static Audience open(Order.Open order) {
        Crowd crowd = new Crowd();
        Clients clients = order.classic()
                ? new ClassicClients(order.access(), crowd)
                : new EventValuesClients(order.access(), crowd);
        return new Audience(clients, crowd);
    }

    void pace(Pace pace) {
        crowd.pace(pace);
    }

    void disturb() {
        clients.disturb(endings);
    }

    Order.Arrival await(Order.Await order) {
        long deadline = System.nanoTime() + order.millis() * 1_000_000;
        while (true) {
            String missing = missing(order.state());
            long now = System.nanoTime();
            if (missing.isEmpty() || now > deadline) {
                return new Order.Arrival(missing.isEmpty(), now, missing);
            }
            Scene.until(now + BETWEEN_LOOKS_MILLIS * 1_000_000);
        }
    }

    private String missing(SortedMap<String, String> state) {
        return crowd.consumers().stream()
                .filter(consumer -> !consumer.shows(state))
                .map(Consumer::toString)
                .collect(Collectors.joining("; "));
    }

    void welcome(Order.Welcome guests) {
        clients.welcome(guests);
    }

    /** Has the guests leave, and says what was seen since they came. */
    Order.Account bidFarewell() throws InterruptedException {
        List<String> leftovers = new ArrayList<>();
        Guests guests = clients.bidFarewell(leftovers);
        List<Order.Ending> ended = List.copyOf(endings);
        endings.clear();
        return new Order.Account(
                new Order.Testimony(crowd.handOver(), new Order.Endings(ended), leftovers),
                guests.visits(),
                guests.deliveries());
    }

    /** Ends it all, and says what was seen and what is left. */
    Order.Testimony close() throws InterruptedException, IOException {
        clients.close(endings);
        crowd.awaitEnd();
        return new Order.Testimony(crowd.handOver(), new Order.Endings(List.copyOf(endings)), leftovers());
    }

    /** The threads and sockets that do not go away. */
    private static List<String> leftovers() throws IOException {
        long deadline = System.nanoTime() + GONE_WITHIN_NANOS;
        while (true) {
            List<String> left = new ArrayList<>();
            Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("event-values"))
                    .forEach(name -> left.add("thread " + name));
            Footprint.openSockets().forEach(socket -> left.add("socket " + socket));
            if (left.isEmpty() || System.nanoTime() > deadline) {
                return left;
            }
            Scene.until(System.nanoTime() + BETWEEN_LOOKS_MILLIS * 1_000_000);
        }
    }
}
