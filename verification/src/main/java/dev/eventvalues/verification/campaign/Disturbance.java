package dev.eventvalues.verification.campaign;

import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdException;
import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Snapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/**
 * Ends a watcher, a wait and a connection in the middle of it all, and takes the time. For this it has a connection of its
 * own, which others need not do without. Used by one thread.
 */
final class Disturbance {
    private static final Executor HERE = Runnable::run;

    private final EtcdValues values;
    private final EtcdRange<String> range;
    private final Watcher<Snapshot<String>> closed;
    private final Watcher<Snapshot<String>> cancelled;
    private final Watcher<Snapshot<String>> disconnected;

    Disturbance(EtcdValues values) {
        this.values = values;
        this.range = values.prefix("", Codec.utf8());
        this.closed = range.watch();
        this.cancelled = range.watch();
        this.disconnected = range.watch();
    }

    void strike(List<Order.Ending> endings) {
        endings.add(timed("a wait without a thread", this::cancel));
        endings.add(interrupted(cancelled));
        endings.add(ended("a watcher", closed, closed::close));
        endings.add(ended("a connection with a waiting watcher", disconnected, values::close));
    }

    /** What is cancelled leaves the watcher free at once. */
    private void cancel() {
        CompletableFuture<Snapshot<String>> next;
        do {
            next = cancelled.nextAsync(HERE);
        } while (next.isDone());
        next.cancel(true);
        try {
            cancelled.poll(); // throws if the wait were still on
        } catch (EtcdException e) {
            // told a refusal: free as well
        }
    }

    /** From the end of something until a thread that waits in a watcher has been told. */
    private static Order.Ending ended(String what, Watcher<?> watcher, Runnable end) {
        CountDownLatch told = new CountDownLatch(1);
        waiting(watcher, told);
        return timed(what, () -> {
            end.run();
            await(told);
        });
    }

    /** From an interrupt until the thread that waits in a watcher goes on. */
    private static Order.Ending interrupted(Watcher<?> watcher) {
        CountDownLatch told = new CountDownLatch(1);
        Thread waiting = waiting(watcher, told);
        return timed("an interrupted wait", () -> {
            waiting.interrupt();
            await(told);
        });
    }

    /** A thread that takes all there is and waits for more, until it is told that this is over. */
    private static Thread waiting(Watcher<?> watcher, CountDownLatch told) {
        Thread waiting = new Thread(
                () -> {
                    while (told.getCount() > 0) {
                        try {
                            watcher.next();
                        } catch (WatcherClosedException | InterruptedException e) {
                            told.countDown();
                        } catch (EtcdException e) {
                            // and on
                        }
                    }
                },
                "waits in a watcher");
        waiting.setDaemon(true);
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    private static void await(CountDownLatch told) {
        try {
            told.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How long something takes, and how long threads of this process wanted a processor meanwhile. */
    static Order.Ending timed(String what, Runnable end) {
        Starvation starvation = Starvation.begin();
        long start = System.nanoTime();
        end.run();
        long took = System.nanoTime() - start;
        return new Order.Ending(what, took / 1_000, starvation.micros());
    }

    void close() {
        values.close();
    }
}
