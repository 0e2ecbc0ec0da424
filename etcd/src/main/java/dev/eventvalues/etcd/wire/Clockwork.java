package dev.eventvalues.etcd.wire;

import io.grpc.SynchronizationContext;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the tasks of one connection one after another, on whichever thread brings one, and later at a given time. No task
 * blocks. State that only tasks touch needs no lock.
 */
final class Clockwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Clockwork.class.getPackageName());

    private final SynchronizationContext context = new SynchronizationContext((thread, failure) ->
            LOG.log(System.Logger.Level.ERROR, "a defect in this library: a task failed", failure));
    private final ScheduledExecutorService timer;

    Clockwork() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("event-values-etcd-timer");
            thread.setDaemon(true);
            return thread;
        });
        one.setRemoveOnCancelPolicy(true);
        one.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // closed: nothing is due any more
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer = one;
    }

    /** Runs a task now, or behind those that are running. */
    void run(Runnable task) {
        context.execute(task);
    }

    /** Runs a task later, unless abandoned or closed by then. */
    Transport.Running after(long nanos, Runnable task) {
        ScheduledFuture<?> due = timer.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }

    /** Runs a task later on the timer's thread itself, for what must not wait for the tasks that run. */
    void independently(long nanos, Runnable task) {
        Object unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
