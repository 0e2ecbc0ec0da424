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
    private static final int ENOUGH_FOR_PERCENTILES = 100;
    private static final long MOST_CONVERGE_WITHIN_MILLIS = 3_000;
    private static final long LEFT_AT_MOST_ONE_OF = 10;

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
        long wanted = amount.count(USUAL);
        long failed = campaign.run(wanted, amount.clock(), lanes);
        long tried = campaign.tried();
        System.out.printf(
                "%d schedules in %d s, %d broke an invariant; converged within %d ms (median), %d ms (99 %%), %d ms (all)%n",
                tried,
                (System.nanoTime() - begin) / 1_000_000_000,
                failed,
                campaign.convergedWithin(50),
                campaign.convergedWithin(99),
                campaign.convergedWithin(100));
        long left = campaign.notCarriedOut();
        if (left * LEFT_AT_MOST_ONE_OF > tried) {
            return isGood(false, left + " schedules could not be carried out: too many to prove anything.");
        }
        if (control) {
            return isGood(
                    failed * 2 >= tried, "The control must fail at least half of its schedules, or nothing is proved.");
        }
        return Math.max(
                isGood(
                        failed == 0,
                        "Repeat one with --seed: its plan is the same, the races of real clusters are not."),
                isGood(
                        tried < ENOUGH_FOR_PERCENTILES || campaign.convergedWithin(99) <= MOST_CONVERGE_WITHIN_MILLIS,
                        "99 of 100 must converge within " + MOST_CONVERGE_WITHIN_MILLIS + " ms."));
    }

    private static int isGood(boolean good, String otherwise) {
        if (!good) {
            System.out.println(otherwise);
        }
        return good ? 0 : 1;
    }

    private int replay(EtcdRelease release, long one) throws InterruptedException {
        try (Lane lane = new Lane(release, control, Redirect.INHERIT)) {
            Outcome outcome = lane.run(one);
            System.out.println(outcome.report());
            return outcome.broken().isEmpty() ? 0 : 1;
        }
    }
}
