package dev.eventvalues.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a row was measured. Rows may be measured anew one by one.
 *
 * @param commit as {@link Revision} has it
 * @param etcd version of the server; null without one
 * @param ended when, in UTC
 * @param seconds it took
 */
record Measured(String commit, @Nullable String etcd, String ended, long seconds) {
    static Measured now(String commit, Optional<String> etcd, long seconds) {
        String ended = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Measured(commit, etcd.orElse(null), ended, seconds);
    }
}
