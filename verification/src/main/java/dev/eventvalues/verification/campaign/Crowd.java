package dev.eventvalues.verification.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The consumers of one audience, and all that they have seen. Safe for use by many threads. */
final class Crowd {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition paced = lock.newCondition();

    // guarded by lock
    private List<Sighting> sightings = new ArrayList<>();
    private final List<Consumer<?>> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Pace pace = Pace.EAGER;
    private boolean over;

    /** Adds one that takes each state as it comes, on a thread of its own. */
    <T> Consumer<T> eager(String name, @Nullable String key, Feed<T> feed, Function<T, Sighting> describe) {
        Consumer<T> consumer = add(new Consumer<>(name, false, key, feed, describe, this));
        start(consumer.name(), consumer::takeAll);
        return consumer;
    }

    /** Adds one that looks only when asked what it shows. */
    <T> void asleep(String name, @Nullable String key, Feed<T> feed, Function<T, Sighting> describe) {
        add(new Consumer<>(name, true, key, feed, describe, this));
    }

    private <T> Consumer<T> add(Consumer<T> consumer) {
        lock.lock();
        try {
            consumers.add(consumer);
            return consumer;
        } finally {
            lock.unlock();
        }
    }

    /** Runs something that ends when the clients are closed, or when it is {@link #over}. */
    void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        lock.lock();
        try {
            threads.add(thread);
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    void note(Sighting sighting) {
        lock.lock();
        try {
            sightings.add(sighting);
        } finally {
            lock.unlock();
        }
    }

    /** Hands over what was seen since the last time. */
    List<Sighting> handOver() {
        lock.lock();
        try {
            List<Sighting> all = sightings;
            sightings = new ArrayList<>();
            return all;
        } finally {
            lock.unlock();
        }
    }

    List<Consumer<?>> consumers() {
        lock.lock();
        try {
            return List.copyOf(consumers);
        } finally {
            lock.unlock();
        }
    }

    void pace(Pace next) {
        lock.lock();
        try {
            pace = next;
            paced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a consumer may take the next. */
    void rest() {
        lock.lock();
        try {
            long start = System.nanoTime();
            while (!over) {
                if (pace.restMillis() < 0) {
                    paced.awaitUninterruptibly();
                    continue;
                }
                long left = pace.restMillis() * 1_000_000 - (System.nanoTime() - start);
                if (left <= 0) {
                    return;
                }
                paced.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // whoever interrupts means a wait for the next state; there will be another try
        } finally {
            lock.unlock();
        }
    }

    boolean over() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all threads have ended. The clients are closed. */
    void awaitEnd() throws InterruptedException {
        List<Thread> all;
        lock.lock();
        try {
            over = true;
            paced.signalAll();
            all = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        for (Thread thread : all) {
            thread.join(5_000);
            if (thread.isAlive()) {
                throw new IllegalStateException(thread + " does not end");
            }
        }
    }
}
