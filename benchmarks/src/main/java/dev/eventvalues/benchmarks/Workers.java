package dev.eventvalues.benchmarks;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorsKt;

/**
 * The executor that async readers run on, as Java and as Kotlin see it.
 *
 * @param executor for readers in Java
 * @param dispatcher the same for coroutines
 * @param threads how the names of its threads begin
 */
record Workers(Executor executor, CoroutineDispatcher dispatcher, String threads) {
    private static final int SIZE = 2;

    /** More than one, as a thread that has been woken and not begun to run still looks asleep. */
    private static final int LOOKS = 3;

    private static final long BETWEEN_LOOKS_NANOS = 1_000_000;

    /** What a Java user would take: a pool that runs tasks in the order they came. */
    static Workers pool() {
        String name = "reader-";
        ForkJoinPool pool = new ForkJoinPool(
                SIZE,
                its -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(its);
                    thread.setName(name + thread.getPoolIndex());
                    return thread;
                },
                null,
                true);
        return new Workers(pool, ExecutorsKt.from((Executor) pool), name);
    }

    /** What coroutines run on unless told otherwise: a thread for each processor, two at least. */
    static Workers dispatchersDefault() {
        CoroutineDispatcher dispatcher = Dispatchers.getDefault();
        return new Workers(ExecutorsKt.asExecutor(dispatcher), dispatcher, "DefaultDispatcher-worker-");
    }

    /** Returns when its threads sleep: then each task has run to its end, and whoever ran waits for the next state. */
    void awaitIdle() {
        int looks = 0;
        while (looks < LOOKS) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            looks = asleep() ? looks + 1 : 0;
        }
    }

    private boolean asleep() {
        Thread[] all = new Thread[Thread.activeCount() + 64];
        Thread.enumerate(all);
        return Arrays.stream(all)
                .filter(Objects::nonNull)
                .filter(thread -> thread.getName().startsWith(threads))
                .map(Thread::getState)
                .allMatch(state -> state != Thread.State.RUNNABLE && state != Thread.State.BLOCKED);
    }

    void close() {
        if (executor instanceof ForkJoinPool pool) {
            pool.shutdown();
        }
    }
}
