package dev.eventvalues.etcd;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process to be paused: it prints what a key shows and how fresh it is whenever that changes, and "slept" when it finds
 * that it has been asleep. What it looked at while it fell asleep it does not print.
 */
final class Sleeper {
    private static final long BETWEEN_LOOKS_NANOS = 100_000;

    private Sleeper() {}

    /**
     * Runs until killed.
     *
     * @param arguments an endpoint, a key, and after how many milliseconds without a proof it is stale
     */
    public static void main(String[] arguments) {
        Duration staleAfter = Duration.ofMillis(Long.parseLong(arguments[2]));
        EtcdValues values = EtcdValues.builder()
                .endpoints(arguments[0])
                .staleAfter(staleAfter)
                .build();
        EtcdValue<String> value = values.value(arguments[1], Codec.utf8());
        String printed = "";
        long awake = System.nanoTime();
        while (true) {
            Optional<Freshness> freshness = value.freshness().current();
            Optional<Optional<String>> shown = value.current();
            long before = awake;
            awake = System.nanoTime();
            if (awake - before > staleAfter.toNanos()) {
                printed = "";
                System.out.println("slept");
            } else {
                String now = freshness.orElseThrow().getClass().getSimpleName() + " "
                        + shown.flatMap(state -> state).orElse("nothing");
                if (!now.equals(printed)) {
                    printed = now;
                    System.out.println(now);
                }
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }
}
