package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Kind;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Servers;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs schedules of faults on real clusters. */
@Command(
        name = "campaign",
        description = "Make real clusters fail while watchers watch: they must end up seeing what was committed.")
@SuppressWarnings("unused") // picocli uses the fields
public final class CampaignCommand implements Callable<Integer> {
    private static final int USUAL = 30;

    @Mixin
    private Servers servers = new Servers();

    @Option(names = "--control", description = "Try a deliberately naive client: at least half must fail.")
    private boolean control;

    @Option(
            names = "--lanes",
            defaultValue = "2",
            description = "How many schedules run beside each other (default: 2).")
    private int lanes = 2;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Repeat this schedule, and say what happens. Keeps nothing.")
    private @Nullable Long seed;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        EtcdRelease release = servers.release();
        Long one = seed;
        if (one != null) {
            return replay(release, one);
        }
        Subject subject = Kind.CAMPAIGN.subject(
                control ? "fault schedules, naive control" : "fault schedules", servers.version());
        Campaign campaign = new Campaign(subject, Ledger.open(Kind.CAMPAIGN), amount.keeps(), release, control);
        if (!Disks.arePossible()) {
            System.out.println("Not run, as it needs root: " + Fault.DISK_FULL);
        }
        long begin = System.nanoTime();
        Score score = campaign.run(amount.count(USUAL), amount.clock(), lanes);
        System.out.printf(
                "%s, in %d s; converged within %d ms (median), %d ms (99 %%), %d ms (all)%n",
                score,
                (System.nanoTime() - begin) / 1_000_000_000,
                score.convergedWithin(50),
                score.convergedWithin(99),
                score.convergedWithin(100));
        score.objections().forEach(System.out::println);
        return score.objections().isEmpty() ? 0 : 1;
    }

    private int replay(EtcdRelease release, long one) throws InterruptedException {
        try (Lane lane = new Lane(release, control, Redirect.INHERIT)) {
            Outcome outcome = lane.run(one);
            System.out.println(outcome.report());
            return outcome.broken().isEmpty() ? 0 : 1;
        }
    }
}
