package dev.eventvalues.etcd;

import dev.eventvalues.Call;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches for a lie: a value that is called fresh although a write has ended that it does not show, longer ago than a
 * proof may be old. It writes 0, 1, 2, ... itself, at etcd, and looks all the time.
 */
final class FreshnessWitness implements AutoCloseable {
    private static final long BETWEEN_LOOKS_NANOS = 500_000;

    private final EtcdValue<String> value;
    private final Duration staleAfter;
    private final Consumer<String> etcd;

    /** When each write had ended. Added to by the test, read by the looks. */
    private final List<Long> ended = new CopyOnWriteArrayList<>();

    private final Call<Void> looks;
    private volatile boolean over;
    private final AtomicLong fresh = new AtomicLong();
    private volatile @Nullable String lie;

    FreshnessWitness(EtcdValue<String> value, Duration staleAfter, Consumer<String> etcd) {
        this.value = value;
        this.staleAfter = staleAfter;
        this.etcd = etcd;
        write();
        looks = Call.to(() -> {
            while (!over) {
                look();
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        });
    }

    /** Writes the next number. */
    void write() {
        etcd.accept(String.valueOf(ended.size()));
        ended.add(System.nanoTime());
    }

    /** Whether the value shows the last number. */
    boolean seesTheLast() {
        return shown(value.current()) == ended.size() - 1;
    }

    /** How often the value was called fresh. */
    long fresh() {
        return fresh.get();
    }

    private void look() {
        long began = System.nanoTime();
        Optional<Freshness> freshness = value.freshness().current();
        int shown = shown(value.current()); // later than the freshness, so it may only be newer
        if (freshness.orElse(null) instanceof Freshness.Fresh proved) {
            fresh.incrementAndGet();
            long due = ended.stream()
                    .filter(end -> began - end > staleAfter.toNanos())
                    .count();
            if (shown < due - 1 && lie == null) {
                lie = "%s shows %d, though %d was written %d ms before"
                        .formatted(
                                proved,
                                shown,
                                due - 1,
                                Duration.ofNanos(began - ended.get((int) due - 1))
                                        .toMillis());
            }
        }
    }

    private static int shown(Optional<Optional<String>> current) {
        return current.flatMap(now -> now).map(Integer::parseInt).orElse(-1);
    }

    /** Ends the looks, and fails if there was a lie. */
    @Override
    public void close() {
        over = true;
        looks.result();
        if (lie != null) {
            throw new AssertionError(lie);
        }
    }
}
