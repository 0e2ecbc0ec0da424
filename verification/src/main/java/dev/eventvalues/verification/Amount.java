package dev.eventvalues.verification;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much to try, in the words that all kinds of evidence share. */
@SuppressWarnings("unused") // picocli sets the fields
public final class Amount {
    @Option(names = "--count", paramLabel = "N", description = "Try so many, behind those tried before.")
    private @Nullable Long count;

    @Option(names = "--minutes", paramLabel = "M", description = "Try as many as can be begun within so many minutes.")
    private @Nullable Double minutes;

    @Option(
            names = "--keep",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to write down what came of it (default: true).")
    private boolean keep;

    /** How many to try at most. */
    public long count(long otherwise) {
        return count != null ? count : minutes != null ? Long.MAX_VALUE : otherwise;
    }

    /** For how many minutes, where that is known beforehand. */
    public double minutes(double otherwise) {
        return minutes != null ? minutes : otherwise;
    }

    /** Whether what comes of it is to be kept. */
    public boolean keeps() {
        return keep;
    }

    /** Starts the clock: whether there is time to begin another. */
    public BooleanSupplier clock() {
        long start = System.nanoTime();
        long bound = minutes == null
                ? Long.MAX_VALUE
                : Duration.ofMillis((long) (minutes * 60_000)).toNanos();
        return () -> System.nanoTime() - start < bound;
    }
}
