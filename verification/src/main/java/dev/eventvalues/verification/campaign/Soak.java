package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdRelease;
import dev.eventvalues.verification.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One cluster and one process with watchers that go through one fault after the other. Each is a round, carried out and
 * judged as a schedule of the campaign is, but that the watchers stay, and others come and go beside them. After each round
 * a sample is taken of what there is. Used by one thread.
 */
final class Soak implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 128;
    /** Long, as on a busy machine a client may still change members, and keeps the link it leaves for some seconds. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** How early in its round a fault may strike at first: some writing is to go before. */
    private static final int CALM_MILLIS = 2_000;

    /** Longer than what only guests follow is kept after they have left. */
    private static final Duration RESTS = Duration.ofSeconds(3);

    private static final double MILLIS_PER_MINUTE = 60_000;
    private static final int LONGEST_FINDING = 500;

    private final long seed;
    private final Duration every;
    private final Rounds rounds;
    private final Stage stage;
    private final Watchers watchers;
    private final Attendance.ForMany attendance;
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final SortedMap<String, Long> tally = new TreeMap<>();
    private final long begin;
    private Journal journal;

    Soak(long seed, EtcdRelease release, Duration every, Leak leak, Redirect log) throws IOException {
        this.seed = seed;
        this.every = every;
        this.rounds = new Rounds(
                seed,
                Fault.all().stream()
                        .filter(fault -> fault != Fault.DISK_FULL || Disks.arePossible())
                        .toList());
        this.stage = Stage.start(release, true);
        try {
            this.watchers = Watchers.start(HEAP_MEGABYTES, log);
        } catch (IOException | RuntimeException e) {
            stage.close();
            throw e;
        }
        this.attendance = new Attendance.ForMany(watchers, seed, leak);
        this.journal = new Journal(stage.cluster(), "soak/");
        this.begin = System.nanoTime();
    }

    /**
     * Goes through as many rounds as can be begun in this time.
     *
     * @return what came of them, even if it broke off, which is a finding
     */
    SoakOutcome run(Duration length) throws InterruptedException {
        try {
            open();
            round(rounds.calm(CALM_MILLIS), 0);
            for (int round = 1; millis() < length.toMillis(); round++) {
                round(rounds.next((int) Math.max(CALM_MILLIS, round * every.toMillis() - millis())), round);
            }
            end();
        } catch (Watchers.OutOfMemoryException e) {
            broken.add("round " + samples.size() + ", broken: memory is bounded: " + e.getMessage());
        } catch (RuntimeException e) {
            e.printStackTrace();
            broken.add("round " + samples.size() + ": it could not go on: " + e);
        }
        return new SoakOutcome(seed, List.copyOf(samples), List.copyOf(broken), tally());
    }

    private void open() {
        watchers.open(stage.access(journal.data()), false);
    }

    private void round(Plan plan, int number) throws InterruptedException {
        Case tried = Schedule.run(plan, stage, watchers, attendance, journal);
        journal = journal.next();
        List<Invariants.Breach> breaches = Invariants.broken(tried);
        tell(tried, breaches, number);
        count(tried);
        Sample sample = settled(
                number, plan.blows().isEmpty() ? "nothing" : plan.first().toString(), tried.convergedMillis());
        samples.add(sample);
        System.out.println(sample);
        if (!sample.hasOpenAsMuchAs(samples.get(0))) {
            System.out.println("not as at first: " + sample.process());
        }
    }

    /** All is closed in the end; nothing may be left then. */
    private void end() {
        watchers.testify().leftovers().forEach(left -> broken.add("left behind in the end: " + left));
    }

    private void tell(Case tried, List<Invariants.Breach> breaches, int round) {
        if (breaches.isEmpty()) {
            return;
        }
        Path report = Sources.root().resolve("target/soak/seed-" + seed + "-round-" + round + ".txt");
        try {
            Files.createDirectories(report.getParent());
            Files.writeString(report, Outcome.report(tried, breaches));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breaches.stream().map(breach -> "round " + round + ", " + breach).forEach(finding -> {
            broken.add(finding.length() <= LONGEST_FINDING ? finding : finding.substring(0, LONGEST_FINDING) + " ...");
        });
        System.out.printf("round %d: %s%nall of it: %s%n", round, breaches.get(0), report);
    }

    // ---- samples

    /** A sample of what there is once it is what there was at first; or else of what there is in the end. */
    private Sample settled(int round, String fault, long convergedMillis) {
        Sample sample = awaited(round, fault, convergedMillis);
        if (!samples.isEmpty() && sample.watches() > samples.get(0).watches()) {
            // A watch that etcd itself has ended, as after a compaction, counts until its stream ends.
            stage.cluster().cutClients();
            sample = awaited(round, fault, convergedMillis);
        }
        return sample;
    }

    private Sample awaited(int round, String fault, long convergedMillis) {
        long rested = System.nanoTime() + RESTS.toNanos();
        long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (true) {
            Scene.pass(BETWEEN_LOOKS);
            Sample sample = new Sample(
                    round,
                    millis() / MILLIS_PER_MINUTE,
                    fault,
                    convergedMillis,
                    sum(attendance.visits()),
                    watchers.measure(),
                    (int) stage.watches());
            long now = System.nanoTime();
            boolean asAtFirst = samples.isEmpty() ? now > rested : sample.countsAs(samples.get(0));
            if (asAtFirst || now > deadline) {
                return sample;
            }
        }
    }

    private long millis() {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    // ---- what is counted

    private void count(Case tried) {
        tried.struck().forEach(blow -> Outcome.count(tally, "fault: " + blow.fault(), 1));
        Outcome.count(
                tally,
                "faults that could not be inflicted",
                tried.plan().blows().size() - tried.struck().size());
        Outcome.count(tally, "converged within: " + Outcome.bucket(tried.convergedMillis() / 1e3), 1);
        Outcome.count(tally, "writes committed", tried.truth().size());
        Outcome.count(tally, "deletes told", Outcome.deletes(tried));
        Outcome.count(tally, "requests", tried.requests());
    }

    private SortedMap<String, Long> tally() {
        SortedMap<String, Long> all = new TreeMap<>(tally);
        attendance.visits().forEach((visit, number) -> all.put("guest who: " + visit, number));
        all.put("guests", sum(attendance.visits()));
        all.put("deliveries", attendance.deliveries());
        all.put("samples", (long) samples.size());
        all.put("minutes", millis() / (long) MILLIS_PER_MINUTE);
        return all;
    }

    private static long sum(SortedMap<String, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        watchers.close();
        stage.close();
    }
}
