package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.verification.Evidence;
import dev.eventvalues.verification.Ledger;
import dev.eventvalues.verification.Sources;
import dev.eventvalues.verification.Subject;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** Many schedules, on several lanes beside each other, and what came of them, kept in the order of their seeds. */
final class Campaign {
    private static final int KEPT_AT_ONCE = 5;
    private static final int LONGEST_FINDING = 500;

    private final Subject subject;
    private final Ledger ledger;
    private final boolean keeps;
    private final EtcdRelease release;
    private final boolean classic;

    // guarded by this
    private final TreeMap<Long, Outcome> done = new TreeMap<>();
    private long next;
    private long toKeep;
    private final Score score;
    private long said = System.nanoTime();

    Campaign(Subject subject, Ledger ledger, boolean keeps, EtcdRelease release, boolean classic) {
        this.subject = subject;
        this.ledger = ledger;
        this.keeps = keeps;
        this.release = release;
        this.classic = classic;
        this.score = new Score(classic);
        this.next = ledger.next(subject);
        this.toKeep = next;
    }

    /**
     * Tries seeds.
     *
     * @param count how many at most
     * @param time whether there is any left
     * @param lanes how many are tried beside each other
     * @return what came of them
     */
    Score run(long count, BooleanSupplier time, int lanes) throws InterruptedException, IOException {
        long end = count == Long.MAX_VALUE ? count : next + count;
        ExecutorService threads = Executors.newFixedThreadPool(lanes);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < lanes; i++) {
                running.add(threads.submit(() -> {
                    lane(end, time);
                    return null;
                }));
            }
            for (Future<?> lane : running) {
                lane.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lane has broken down", e.getCause());
        } finally {
            threads.shutdownNow();
        }
        keep(1);
        return score;
    }

    private void lane(long end, BooleanSupplier time) throws InterruptedException, IOException {
        try (Lane lane = new Lane(release, classic, Redirect.DISCARD)) {
            for (long seed = take(end, time); seed >= 0; seed = take(end, time)) {
                finished(lane.run(seed));
                keep(KEPT_AT_ONCE);
            }
        }
    }

    private synchronized long take(long end, BooleanSupplier time) {
        return next < end && time.getAsBoolean() ? next++ : -1;
    }

    private synchronized void finished(Outcome outcome) throws IOException {
        done.put(outcome.seed(), outcome);
        score.add(outcome);
        if (!outcome.broken().isEmpty()) {
            tell(outcome);
        }
        if (System.nanoTime() - said > 10_000_000_000L) {
            said = System.nanoTime();
            System.out.printf("%s: %s%n", subject.name(), score);
        }
    }

    private void tell(Outcome outcome) throws IOException {
        Path report = Files.createDirectories(Sources.root().resolve("target/campaign"))
                .resolve((classic ? "control-" : "") + "seed-" + outcome.seed() + ".txt");
        Files.writeString(report, outcome.report());
        if (!classic) {
            System.out.printf(
                    "seed %d: %s%nall of it: %s%n",
                    outcome.seed(), outcome.broken().get(0), report);
        }
    }

    /** Keeps what came of the seeds that are behind those kept already, if they are so many. */
    private synchronized void keep(int atLeast) throws IOException {
        List<Outcome> row = new ArrayList<>();
        while (done.containsKey(toKeep + row.size())) {
            row.add(done.get(toKeep + row.size()));
        }
        if (row.isEmpty() || row.size() < atLeast) {
            return;
        }
        if (keeps) {
            ledger.add(evidence(row));
        }
        toKeep += row.size();
        row.forEach(outcome -> done.remove(outcome.seed()));
    }

    private static String excerpt(String finding) {
        return finding.length() <= LONGEST_FINDING ? finding : finding.substring(0, LONGEST_FINDING) + " ...";
    }

    private Evidence evidence(List<Outcome> row) {
        SortedMap<String, Long> tally = new TreeMap<>();
        List<String> found = new ArrayList<>();
        for (Outcome outcome : row) {
            outcome.tally().forEach((name, number) -> tally.merge(name, number, Math::addExact));
            if (!outcome.broken().isEmpty()) {
                if (classic) {
                    tally.merge("schedules that broke an invariant, as they should", 1L, Math::addExact);
                } else {
                    found.add(excerpt(
                            "seed " + outcome.seed() + ", " + outcome.broken().get(0)));
                }
            }
        }
        return new Evidence(
                subject,
                row.get(0).seed(),
                row.size(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                tally,
                found);
    }
}
