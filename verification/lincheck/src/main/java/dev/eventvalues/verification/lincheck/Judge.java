package dev.eventvalues.verification.lincheck;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.verifier.LinearizabilityVerifier;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/** Judges the results of each interleaving, and counts them. Lincheck creates it. */
@SuppressWarnings("unused") // created by reflection
abstract class Judge implements Verifier {
    private static final AtomicLong JUDGED = new AtomicLong();

    /** How many interleavings were judged since the last call. */
    static long judged() {
        return JUDGED.getAndSet(0);
    }

    @Override
    public final boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
        JUDGED.incrementAndGet();
        return accepts(scenario, results);
    }

    abstract boolean accepts(ExecutionScenario scenario, ExecutionResult results);

    /** The results could have come from the calls made one after another. */
    public static final class Linearizable extends Judge {
        private final LinearizabilityVerifier verifier;

        public Linearizable(Class<?> sequential) {
            verifier = new LinearizabilityVerifier(sequential);
        }

        @Override
        boolean accepts(ExecutionScenario scenario, ExecutionResult results) {
            return verifier.verifyResults(scenario, results);
        }
    }

    /** No call has thrown. */
    public static final class NoThrow extends Judge {
        public NoThrow(Class<?> sequential) {}

        @Override
        boolean accepts(ExecutionScenario scenario, ExecutionResult results) {
            return results.getThreadsResultsWithClock().stream()
                    .flatMap(List::stream)
                    .noneMatch(result -> result.getResult() instanceof ExceptionResult);
        }
    }
}
