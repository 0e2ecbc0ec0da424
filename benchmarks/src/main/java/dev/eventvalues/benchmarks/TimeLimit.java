package dev.eventvalues.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long: some peers hang. */
final class TimeLimit implements AutoCloseable {
    private final int seconds;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    /** {@code end} runs after so many seconds, unless this is closed before. */
    TimeLimit(int seconds, Runnable end) {
        this.seconds = seconds;
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
            if (over.complete(true)) {
                end.run();
            }
        });
    }

    /** How {@code what} ended that has no figure: too late, or, if there was time, as {@code otherwise} says. */
    Unfinished unfinished(String what, String otherwise) {
        return new Unfinished(what + ": " + (passed() ? "not finished within " + seconds + " s" : otherwise));
    }

    private boolean passed() {
        return over.getNow(false);
    }

    @Override
    public void close() {
        over.complete(false);
    }
}
