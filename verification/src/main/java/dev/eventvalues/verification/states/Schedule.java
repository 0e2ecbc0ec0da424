package dev.eventvalues.verification.states;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a simulation, drawn by a seed: writes, faults, what servers do, what consumers do, and time. Then all
 * faults end, and it is judged where it has come to. Each step has dice of its own, so that the others stay the same when
 * some are left out.
 */
final class Schedule {
    private static final int MOST_STEPS = 150;

    /** How long it may take, once all faults have ended, until all is as it should be. */
    private static final long PATIENCE_NANOS = 10_000 * Clock.MILLIS;

    /** What takes longer is counted. */
    private static final long SOON_NANOS = 3_000 * Clock.MILLIS;

    private static final int ENOUGH_AUDITS = 3;

    private static final String[] VALUES = {"", "x", "y"};

    /**
     * What came of it.
     *
     * @param broken what did not hold; null if all did
     * @param steps how many there were
     * @param happened how often each fault happened
     * @param looks how often consumers looked
     * @param told how many differences they were told
     * @param late whether it took more than three seconds until all was told that there was
     */
    record Outcome(
            Invariant.@Nullable Broken broken,
            int steps,
            Map<Fault, Long> happened,
            long looks,
            long told,
            boolean late) {}

    private final Candidate candidate;
    private final long seed;
    private final Simulation simulation;
    private final Cluster cluster;
    private final BitSet left;
    private final int steps;
    private boolean late;

    private Schedule(Candidate candidate, long seed, BitSet left, @Nullable List<String> log) {
        Dice dice = new Dice(seed, -1);
        this.candidate = candidate;
        this.seed = seed;
        this.left = left;
        this.steps = 20 + dice.below(MOST_STEPS - 20);
        this.simulation = new Simulation(candidate, dice, log);
        this.cluster = simulation.cluster;
    }

    /** Runs the schedule of a seed. */
    static Outcome run(Candidate candidate, long seed) {
        return run(candidate, seed, new BitSet(), null);
    }

    /**
     * Runs a part of the schedule of a seed.
     *
     * @param left steps that are left out
     * @param log gets what happens; may be null
     */
    static Outcome run(Candidate candidate, long seed, BitSet left, @Nullable List<String> log) {
        Schedule schedule = new Schedule(candidate, seed, left, log);
        Invariant.Broken broken = null;
        try {
            schedule.disturb();
            schedule.heal();
        } catch (Invariant.Broken e) {
            broken = e;
            schedule.simulation.log(e::getMessage);
        }
        long looks = 0;
        long told = 0;
        for (Feed feed : schedule.simulation.feeds) {
            for (Consumer consumer : feed.consumers) {
                looks += consumer.looks();
                told += consumer.told();
            }
        }
        return new Outcome(broken, schedule.steps, schedule.simulation.happened(), looks, told, schedule.late);
    }

    private void disturb() {
        for (int step = 0; step < steps; step++) {
            if (!left.get(step)) {
                Dice dice = new Dice(seed, step);
                simulation.dice = dice;
                act(dice);
                simulation.clock.pass((1 + dice.below(5)) * Clock.MILLIS);
                simulation.areFresh();
            }
        }
    }

    /** Each thing that happens is a task of its own, so that what comes of it has come before the next. */
    private void act(Dice dice) {
        int action = dice.below(20);
        if (action < 7) {
            for (int times = 1 + dice.below(4); times > 0; times--) {
                simulation.clock.run(any(dice)::serve);
            }
        } else if (action < 9) {
            int probe = dice.below(8);
            simulation.clock.run(() -> simulation.wire.answerProbe(probe));
        } else if (action < 12) {
            write(dice);
        } else if (action < 14) {
            any(dice).look(dice.below(3));
        } else if (action < 18) {
            List<Fault> faults = simulation.faults();
            if (!faults.isEmpty()) {
                Fault fault = faults.get(dice.below(faults.size()));
                if (fault == Fault.LONG_TIME) {
                    simulation.count(fault);
                    simulation.clock.pass((5_000 + dice.below(7_000)) * Clock.MILLIS);
                } else {
                    simulation.clock.run(() -> strike(fault, dice));
                }
            }
        } else {
            simulation.clock.pass((1 + dice.below(300)) * Clock.MILLIS);
        }
    }

    private Feed any(Dice dice) {
        return simulation.feeds.get(dice.below(simulation.feeds.size()));
    }

    private void write(Dice dice) {
        List<Store.Write> writes = new ArrayList<>();
        int first = dice.below(Keys.COUNT);
        int count = 1 + dice.below(2);
        for (int i = 0; i < count; i++) {
            String value = dice.oneIn(3) ? null : VALUES[dice.below(VALUES.length)];
            writes.add(new Store.Write((first + i) % Keys.COUNT, value));
        }
        simulation.log(() -> "write " + writes);
        cluster.write(writes);
    }

    private void strike(Fault fault, Dice dice) {
        int member = dice.below(cluster.members());
        switch (fault) {
            case CUT_CONNECTION -> {
                simulation.count(fault);
                cut(member, 0);
            }
            case CUT_WITH_MANY -> {
                simulation.count(fault);
                cut(member, 100);
            }
            case SILENT_CONNECTION -> {
                simulation.count(fault);
                silence(member);
            }
            case CUT_OFF_MEMBER -> {
                simulation.count(fault);
                cluster.cutOff(dice.oneIn(2) ? member : -1);
            }
            case SLOW_MEMBER -> {
                simulation.count(fault);
                cluster.slow(member, !dice.oneIn(3));
            }
            case ELECTION -> {
                simulation.count(fault);
                cluster.elect();
            }
            case COMPACTION -> {
                simulation.count(fault);
                cluster.compact(Math.max(1, cluster.store().revision() - dice.below(3)));
            }
            case CANCELLED_WATCH -> cancel(any(dice));
            case LATE_ANSWER -> {
                simulation.count(fault);
                any(dice).repeatLate();
            }
            case BACKUP, OTHER_CLUSTER -> replace(fault, dice);
            case SLEEP -> {
                simulation.count(fault);
                simulation.clock.sleep(dice.below(10_000) * Clock.MILLIS);
            }
            case LOST_EVENTS -> any(dice).audit();
            default -> {
                // these happen by themselves
            }
        }
    }

    private void cut(int member, int besides) {
        simulation.wire.kill(member);
        simulation.wire.notice(member, besides);
    }

    private void silence(int member) {
        simulation.wire.kill(member);
        simulation.clock.after(10_000 * Clock.MILLIS, () -> simulation.wire.notice(member, 0));
    }

    private void cancel(Feed feed) {
        if (feed.isFollowing()) {
            simulation.count(Fault.CANCELLED_WATCH);
            feed.fail(Wire.trouble("cancelled"));
        }
    }

    private void replace(Fault fault, Dice dice) {
        if (!dice.oneIn(4)) {
            return; // seldom enough to see what comes of it
        }
        simulation.count(fault);
        Store store = cluster.store();
        // of a large span, a removal that the backup lacks leaves no trace but the elections
        int elections = simulation.smallPages || dice.oneIn(2) ? -100 : dice.below(3);
        Store other = fault == Fault.BACKUP
                ? store.restored(1 + dice.below((int) store.revision()), elections)
                : store.replaced();
        int writes = dice.below(4) * dice.below(4);
        for (int i = 0; i < writes; i++) {
            other.write(List.of(new Store.Write(dice.below(Keys.COUNT), "o" + i)), simulation.clock.now());
        }
        for (int member = 0; member < cluster.members(); member++) {
            simulation.wire.kill(member);
        }
        cluster.replace(other);
        for (int member = 0; member < cluster.members(); member++) {
            int noticed = member;
            simulation.clock.after(dice.below(200) * Clock.MILLIS, () -> simulation.wire.notice(noticed, 0));
        }
    }

    // ---- once all faults have ended

    private void heal() {
        simulation.dice = new Dice(seed, -2);
        simulation.faulty = false;
        simulation.log(() -> "* all faults end");
        cluster.heal();
        for (int member = 0; member < cluster.members(); member++) {
            simulation.wire.notice(member, 0);
        }
        long ended = simulation.clock.now();
        settle();
        late = simulation.clock.now() - ended > SOON_NANOS;
        audit();
        conclude();
        if (candidate.tellsFreshness()) {
            go(Invariant.FRESH_AGAIN, simulation::areFresh);
        }
        List<Store.Write> puts = new ArrayList<>();
        List<Store.Write> removals = new ArrayList<>();
        for (int key = 0; key < Keys.COUNT; key++) {
            puts.add(new Store.Write(key, "once more"));
            removals.add(new Store.Write(key, null));
        }
        for (List<Store.Write> writes : List.of(puts, removals)) {
            simulation.log(() -> "write " + writes);
            cluster.write(writes);
            settle();
            conclude();
        }
    }

    private void settle() {
        go(Invariant.CONVERGENCE, () -> simulation.feeds.stream().allMatch(Feed::isSettled));
    }

    /** What the servers never told is found by an audit; of what happens during one, the next finds what there was. */
    private void audit() {
        if (simulation.feeds.stream().noneMatch(Feed::isDeceived)) {
            return;
        }
        for (int audits = 0; audits < ENOUGH_AUDITS; audits++) {
            simulation.feeds.forEach(Feed::audit);
            long then = simulation.clock.now() + 2_000 * Clock.MILLIS;
            go(Invariant.CONVERGENCE, () -> simulation.clock.now() > then);
            settle();
        }
        simulation.feeds.forEach(Feed::undeceived);
    }

    private void conclude() {
        simulation.feeds.forEach(Feed::conclude);
    }

    private void go(Invariant wanted, BooleanSupplier done) {
        long end = simulation.clock.now() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            if (simulation.clock.now() > end) {
                throw wanted.broken("not within 10 s of the last fault: " + simulation.feeds);
            }
            simulation.clock.run(() -> {
                simulation.feeds.forEach(Feed::serve);
                simulation.wire.answerProbe(0);
            });
            simulation.clock.pass(20 * Clock.MILLIS);
            simulation.areFresh();
        }
    }
}
