package dev.eventvalues.verification.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everybody who watches in one schedule: consumers that take each state as it comes, and sleepers that look only in the end.
 * Used by one thread.
 */
final class Audience {
    private static final long BETWEEN_LOOKS_MILLIS = 2;
    private static final int INODE = 9;
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

    /** Ends it all, and says what was seen and what is left. */
    Order.Testimony close() throws InterruptedException, IOException {
        clients.close(endings);
        crowd.awaitEnd();
        return new Order.Testimony(crowd.sightings(), new Order.Endings(List.copyOf(endings)), leftovers());
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
            sockets().forEach(left::add);
            if (left.isEmpty() || System.nanoTime() > deadline) {
                return left;
            }
            Scene.until(System.nanoTime() + BETWEEN_LOOKS_MILLIS * 1_000_000);
        }
    }

    /** The sockets of this process that are in the kernel's tables of TCP: the JVM has one or two of its own that are not. */
    private static List<String> sockets() throws IOException {
        Set<String> own = new HashSet<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path descriptor : all.toList()) {
                try {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // it has just been closed
                }
            }
        }
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            if (Files.exists(Path.of(table))) {
                Files.readAllLines(Path.of(table)).stream()
                        .skip(1)
                        .filter(line -> own.contains("socket:[" + line.strip().split("\\s+", -1)[INODE] + "]"))
                        .forEach(line -> sockets.add("socket " + line.strip()));
            }
        }
        return sockets;
    }
}
