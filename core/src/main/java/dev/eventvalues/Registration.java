package dev.eventvalues;

/** A listener that is registered until closed. */
public interface Registration extends AutoCloseable {
    /**
     * Removes the listener. No new call starts once this returns; a running one is not awaited. Idempotent, from any
     * thread, never blocks or throws.
     */
    @Override
    void close();
}
