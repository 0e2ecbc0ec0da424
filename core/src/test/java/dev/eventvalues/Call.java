package dev.eventvalues;

import dev.eventvalues.internal.Waiter;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * One call on a thread of its own, so that a test can see it block, interrupt it, and bound the time it takes.
 *
 * @param <T> what it returns
 */
public final class Call<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Call(Callable<T> body) {
        this.task = new FutureTask<>(body);
        this.thread = new Thread(task, "call");
        this.thread.setDaemon(true);
    }

    /**
     * Starts a call.
     *
     * @param <T> what it returns
     * @param body what to call
     * @return the running call
     */
    public static <T> Call<T> of(Callable<T> body) {
        Call<T> call = new Call<>(body);
        call.thread.start();
        return call;
    }

    /** What to call, when nothing is returned. */
    @FunctionalInterface
    public interface Action {
        /**
         * Calls.
         *
         * @throws Exception for the test to look at
         */
        void run() throws Exception;
    }

    /**
     * Starts a call that returns nothing.
     *
     * @param body what to call
     * @return the running call
     */
    public static Call<Void> to(Action body) {
        return of(() -> {
            body.run();
            return null;
        });
    }

    /**
     * Waits until the call waits for a value.
     *
     * @return this
     */
    public Call<T> blocked() {
        Eventually.eventually("the call waits for a value", () -> {
            if (task.isDone()) {
                throw new AssertionError("the call did not wait: " + (task.isCancelled() ? "cancelled" : ended()));
            }
            return LockSupport.getBlocker(thread) instanceof Waiter
                    && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        });
        return this;
    }

    /** Interrupts the thread. */
    public void interrupt() {
        thread.interrupt();
    }

    /**
     * Tells whether the call has ended.
     *
     * @return true once it has
     */
    public boolean isDone() {
        return task.isDone();
    }

    /**
     * Waits for the call to end well.
     *
     * @return what it returned
     */
    public T result() {
        Object end = ended();
        if (end instanceof Thrown thrown) {
            throw new AssertionError("the call failed", thrown.failure());
        }
        @SuppressWarnings("unchecked")
        T result = (T) end;
        return result;
    }

    /**
     * Waits for the call to fail.
     *
     * @return what it threw
     */
    public Throwable failure() {
        Object end = ended();
        if (end instanceof Thrown thrown) {
            return thrown.failure();
        }
        throw new AssertionError("the call should have failed, but returned " + end);
    }

    private Object ended() {
        try {
            return task.get(Eventually.BOUND.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return new Thrown(e.getCause());
        } catch (TimeoutException e) {
            AssertionError hung = new AssertionError("the call has not ended within " + Eventually.BOUND);
            hung.setStackTrace(thread.getStackTrace());
            throw hung;
        } catch (InterruptedException e) {
            throw new AssertionError("the test was interrupted while it waited for a call", e);
        }
    }

    private record Thrown(Throwable failure) {}
}
