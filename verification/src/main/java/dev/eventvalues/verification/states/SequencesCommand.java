package dev.eventvalues.verification.states;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Every short sequence of events. */
@Command(name = "sequences", description = "Follow two keys through every sequence of so many events.")
@SuppressWarnings("unused") // picocli uses the fields
public final class SequencesCommand implements Callable<Integer> {
    private static final int CHUNK = 27;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How many events a sequence has (default: ${DEFAULT-VALUE}); one more is twelve times the work.")
    private int length = 5;

    @Mixin
    private Choice choice = new Choice();

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return choice.each(this::run, this::replay);
    }

    private int run(Candidate candidate) throws IOException, InterruptedException {
        boolean product = candidate.equals(Candidate.PRODUCT);
        Trials.Tally tally = new Trials(Kind.SEQUENCES, amount, CHUNK)
                .run(
                        Kind.SEQUENCES.subject("sequences of " + length + " events, of " + candidate.title()),
                        Sequences.SEEDS,
                        Sequences.SEEDS + 1L,
                        each -> tried(candidate, each, product));
        tally.findings.forEach(finding -> System.out.println(finding + "; replay with --seed"));
        long found = tally.counted.getOrDefault(Trials.FOUND, 0L);
        return product == (tally.broken + found == 0) ? 0 : 1;
    }

    private Trials.Tried tried(Candidate candidate, long each, boolean product) {
        Sequences.Outcome outcome = Sequences.run(candidate, each, length);
        return Trials.Tried.of(
                Map.of("sequences", outcome.sequences(), "states", outcome.steps()), outcome.broken(), product);
    }

    private int replay(Candidate candidate, long each) {
        Sequences.Outcome outcome = Sequences.run(candidate, each, length);
        if (outcome.broken() == null) {
            System.out.printf("seed %d: nothing is broken in %d sequences%n", each, outcome.sequences());
            return 0;
        }
        System.out.println(outcome.broken().getMessage());
        System.out.println(outcome.broken().invariant.sentence);
        return 1;
    }
}
