package dev.eventvalues.verification.states;

import java.io.IOException;
import java.util.List;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is tried: the product or something broken, the next seeds or one again. */
@SuppressWarnings("unused") // picocli sets the fields
final class Choice {
    @Option(
            names = "--of",
            paramLabel = "WHAT",
            defaultValue = "product",
            completionCandidates = Candidates.class,
            converter = Candidates.class,
            description = "The product, or what must be found broken: ${COMPLETION-CANDIDATES}.")
    private List<Candidate> candidates = List.of(Candidate.PRODUCT);

    @Option(names = "--seed", paramLabel = "S", description = "Replay one, and say what happened; keep nothing.")
    private @Nullable Long seed;

    /** Tries the next seeds, and returns an exit status. */
    interface Run {
        int of(Candidate candidate) throws IOException, InterruptedException;
    }

    /** Tries each candidate, and returns the exit status of all. */
    int each(Run run, ToIntBiFunction<Candidate, Long> replay) throws IOException, InterruptedException {
        int status = 0;
        for (Candidate candidate : candidates) {
            status |= seed == null ? run.of(candidate) : replay.applyAsInt(candidate, seed);
        }
        return status;
    }
}
