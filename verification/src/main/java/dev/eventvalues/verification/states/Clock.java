package dev.eventvalues.verification.states;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * Time in a simulation, and the serial context of everything that happens: as the product's clockwork, but nothing happens
 * unless time is made to pass.
 */
final class Clock {
    static final long MILLIS = 1_000_000;

    private record Timer(long due, long number, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::number));
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private long timersSoFar;
    private long now = 1_000 * MILLIS;
    private long slept;

    /** On the monotonic clock, in nanoseconds. */
    long now() {
        return now;
    }

    /** By the wall clock. */
    Instant wall() {
        return Instant.ofEpochSecond(0, now + slept);
    }

    /** Runs a task behind those that run or wait. */
    void run(Runnable task) {
        tasks.add(task);
        if (running) {
            return;
        }
        running = true;
        try {
            for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
                next.run();
            }
        } finally {
            running = false;
        }
    }

    void after(long nanos, Runnable task) {
        timers.add(new Timer(now + nanos, timersSoFar++, task));
    }

    void pass(long nanos) {
        long then = now + nanos;
        for (Timer next = timers.peek(); next != null && next.due <= then; next = timers.peek()) {
            now = Math.max(now, next.due);
            timers.remove();
            run(next.task);
        }
        now = then;
    }

    /** The machine sleeps: the monotonic clock stands still. */
    void sleep(long nanos) {
        slept += nanos;
    }
}
