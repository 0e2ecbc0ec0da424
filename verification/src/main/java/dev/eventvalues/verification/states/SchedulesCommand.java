package dev.eventvalues.verification.states;

import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Random schedules of a simulated etcd. */
@Command(name = "schedules", description = "Follow a simulated etcd through random schedules of faults.")
@SuppressWarnings("unused") // picocli uses the fields
public final class SchedulesCommand implements Callable<Integer> {
    private static final int CHUNK = 10_000;
    private static final long OTHERWISE = 100_000;
    private static final long OTHERWISE_FLAWED = 1_000;

    @Mixin
    private Choice choice = new Choice();

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return choice.each(this::run, SchedulesCommand::replay);
    }

    private int run(Candidate candidate) throws IOException, InterruptedException {
        boolean product = candidate.equals(Candidate.PRODUCT);
        Trials.Tally tally = new Trials(Kind.SCHEDULES, amount, CHUNK)
                .run(
                        Kind.SCHEDULES.subject("schedules of " + candidate.title()),
                        product ? OTHERWISE : OTHERWISE_FLAWED,
                        Long.MAX_VALUE,
                        each -> tried(candidate, each, product));
        tally.findings.forEach(finding -> System.out.println(finding + "; replay with --seed"));
        if (product) {
            return tally.broken == 0 ? 0 : 1;
        }
        long found = tally.counted.getOrDefault(Trials.FOUND, 0L);
        // a single mistake may need a rare fault to be seen; the control has so many that most faults show one
        boolean enough = candidate == Classic.CONTROL ? 2 * found >= tally.tried : found > 0;
        System.out.println(candidate.title() + ": found broken in " + found + " of " + tally.tried);
        return enough ? 0 : 1;
    }

    private static Trials.Tried tried(Candidate candidate, long seed, boolean product) {
        Schedule.Outcome outcome = Schedule.run(candidate, seed);
        Map<String, Long> tally = new TreeMap<>();
        if (product) {
            outcome.happened().forEach((fault, times) -> tally.put("fault: " + fault.what, times));
            tally.put("steps", (long) outcome.steps());
            tally.put("looks", outcome.looks());
            tally.put("differences told", outcome.told());
            tally.put("that took more than 3 s to converge", outcome.late() ? 1L : 0);
        }
        return Trials.Tried.of(tally, outcome.broken(), product);
    }

    private static int replay(Candidate candidate, long seed) {
        List<String> log = new ArrayList<>();
        Schedule.Outcome outcome = Schedule.run(candidate, seed, new BitSet(), log);
        log.forEach(System.out::println);
        if (outcome.broken() == null) {
            System.out.println("seed " + seed + ": nothing is broken");
            return 0;
        }
        BitSet left = Shrinking.of(candidate, seed, outcome);
        List<String> shorter = new ArrayList<>();
        Schedule.run(candidate, seed, left, shorter);
        System.out.printf("%nThe same without %d of its %d steps:%n%n", left.cardinality(), outcome.steps());
        shorter.forEach(System.out::println);
        System.out.println();
        System.out.println(outcome.broken().invariant.sentence);
        return 1;
    }
}
