package dev.eventvalues.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets a command end in order when its process is told to end (Ctrl-C, SIGTERM): its thread is interrupted, and the
 * process waits until it has let go of what it holds.
 *
 * <p>A command that calls that a success ({@code ev watch}, which ends in no other way) returns 0, and so does the
 * process. Any other result leaves the process with what Java makes of the signal: 130 or 143.
 */
final class OrderlyEnd {
    /** A command may be stuck in a write that nobody reads. */
    private static final long PATIENCE_SECONDS = 5;

    private final Thread thread = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Written before {@link #ended} is opened. */
    private int code;

    private OrderlyEnd() {}

    /**
     * Runs a command on this thread.
     *
     * @param command returns the exit code
     * @return that code, with which the process is to exit now
     */
    static int run(IntSupplier command) {
        OrderlyEnd end = new OrderlyEnd();
        Runtime.getRuntime().addShutdownHook(new Thread(end::told, "end of ev"));
        end.code = command.getAsInt();
        end.ended.countDown();
        return end.code;
    }

    /** Runs as a shutdown hook, so also when the process exits by itself. */
    private void told() {
        if (ended.getCount() == 0) {
            return;
        }
        thread.interrupt();
        try {
            if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && code == ExitCode.OK) {
                Runtime.getRuntime().halt(code); // the only way to choose the code once a signal has begun the end
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread
            Thread.currentThread().interrupt();
        }
    }
}
