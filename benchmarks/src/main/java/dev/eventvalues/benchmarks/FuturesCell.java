package dev.eventvalues.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A cell with a future per version, completed when the version is replaced.
 *
 * <p>The future carries nothing: were it to carry the next version, an idle reader would pin all that follow.
 */
final class FuturesCell implements Peer<FuturesCell.Position> {
    private final AtomicReference<Version> newest = new AtomicReference<>(new Version(""));

    @Override
    public void set(Object state) {
        newest.getAndSet(new Version(state)).replaced.complete(null);
    }

    @Override
    public Position open() {
        return new Position();
    }

    @Override
    public Object next(Position reader) throws InterruptedException {
        Version version = newest.get();
        while (version == reader.seen) {
            try {
                version.replaced.get();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
            version = newest.get();
        }
        reader.seen = version;
        return version.state;
    }

    @Override
    public void close(Position reader) {
        reader.seen = null;
    }

    private static final class Version {
        private final Object state;
        private final CompletableFuture<Void> replaced = new CompletableFuture<>();

        Version(Object state) {
            this.state = state;
        }
    }

    /** The version a reader saw last. */
    static final class Position {
        private @Nullable Version seen;
    }
}
