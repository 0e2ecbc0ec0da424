package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdBinary;
import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.verification.Amount;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.nio.file.Path;
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

    @Option(names = "--etcd", defaultValue = "3.4", description = "The release of the servers, 3.4 or 3.5.")
    private String etcd = "3.4";

    @Option(names = "--control", description = "Try a deliberately naive client: at least half must fail.")
    private boolean control;

    @Option(names = "--lanes", defaultValue = "2", description = "How many schedules run beside each other (default: 2).")
    private int lanes = 2;

    @Option(names = "--seed", paramLabel = "S", description = "Repeat this schedule, and say what happens. Keeps nothing.")
    private @Nullable Long seed;

    @Mixin
    private Amount amount = new Amount();

    @Override
    public Integer call() throws IOException, InterruptedException {
        EtcdRelease release = EtcdRelease.parse(etcd);
        Long one = seed;
        if (one != null) {
            return replay(release, one);
        }
        Subject subject = Subject.named(
                control ? "fault schedules, naive control" : "fault schedules",
                EtcdBinary.locate(release).version());
        Campaign campaign = new Campaign(subject, Ledger.open("campaign"), amount.keeps(), release, control);
        long begin = System.nanoTime();
        long wanted = amount.count(USUAL);
        long failed = campaign.run(wanted, amount.clock(), lanes);
        long tried = campaign.tried();
        System.out.printf(
                "%d schedules in %d s, %d broke an invariant%n", tried, (System.nanoTime() - begin) / 1_000_000_000, failed);
        boolean good = control ? failed * 2 >= tried : failed == 0;
        if (!good) {
            System.out.println(
                    control
                            ? "The control must fail at least half of its schedules, or the campaign proves nothing."
                            : "Repeat one with --seed; the plan is the same, the races of real clusters are not.");
        }
        return good ? 0 : 1;
    }

    private int replay(EtcdRelease release, long one) throws InterruptedException {
        try (Lane lane = new Lane(release, control, Path.of("/dev/stderr").toFile())) {
            Outcome outcome = lane.run(one);
            System.out.println(outcome.report());
            return outcome.broken().isEmpty() ? 0 : 1;
        }
    }
}
