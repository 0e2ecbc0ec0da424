package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import java.util.Objects;

/**
 * A reader of this library: its watchers are {@linkplain Cursor cursors}, so views and combinators can be built on it.
 *
 * @param <T> the states
 */
public interface Source<T> extends ValueReader<T> {
    /**
     * Checks that a reader is one of this library's.
     *
     * @param <R> the reader
     * @param reader any reader
     * @return the same
     * @throws IllegalArgumentException if somebody else implemented it
     */
    static <R extends ValueReader<?>> R check(R reader) {
        if (!(Objects.requireNonNull(reader, "value") instanceof Source)) {
            throw new IllegalArgumentException(
                    reader.getClass().getName() + " implements ValueReader itself; only readers"
                            + " of this library can be viewed, combined and selected. Feed a MemoryValue from it instead.");
        }
        return reader;
    }
}
