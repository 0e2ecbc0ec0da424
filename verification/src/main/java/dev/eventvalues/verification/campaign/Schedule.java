package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one plan: something is written, watchers come, writing goes on, faults strike and are mended, writing ends,
 * and all watchers must come to show what is there; then once more when every key is written, and when every key is removed.
 */
final class Schedule {
    private static final List<String> PRESENT_BEFORE = Writer.KEYS.subList(0, 4);
    /** Enough for what it will ever notice by itself; the rest would only cost time. */
    private static final long CONTROL_CONVERGES_WITHIN_MILLIS = 2_000;

    private static final int REMOVALS = 10;

    private final Plan plan;
    private final Stage stage;
    private final Watchers watchers;
    private final Attendance attendance;
    private final Journal journal;
    private final Writer writer;
    private final long begin = System.nanoTime();
    private final List<String> log = new ArrayList<>();
    private final List<Blow> struck = new ArrayList<>();
    private final List<String> misses = new ArrayList<>();
    private final List<Case.Period> outages = new ArrayList<>();
    private boolean troubled;

    /** The faults in force, and since when they are outages. */
    private final Map<Integer, Long> inForce = new HashMap<>();

    private Schedule(Plan plan, Stage stage, Watchers watchers, Attendance attendance, Journal journal) {
        this.plan = plan;
        this.stage = stage;
        this.watchers = watchers;
        this.attendance = attendance;
        this.journal = journal;
        this.writer = new Writer(journal, new Random(plan.seed()));
    }

    /**
     * Carries it out.
     *
     * @param journal of keys that nobody else uses, and that are all absent
     */
    static Case run(Plan plan, Stage stage, Watchers watchers, Attendance attendance, Journal journal)
            throws InterruptedException {
        return new Schedule(plan, stage, watchers, attendance, journal).run();
    }

    private Case run() throws InterruptedException {
        Optional<Requests> before = stage.requests();
        writeAll(PRESENT_BEFORE, "at first");
        attendance.begin();
        awaitShown("at first");
        int inUse = stage.inUse();
        say("the member in use is m" + inUse);
        writer.start();
        strike(new Scene(stage, watchers, journal, inUse));
        if (troubled) {
            mend(); // else all is healed; members may still be about to find each other
        }
        long healed = System.nanoTime();
        writer.stop();
        long converged = awaitShown("after the faults");
        mend();
        writeAll(Writer.KEYS, "once more");
        awaitShown("when every key was written");
        removeAll();
        awaitShown("when every key was removed");
        Truth truth = journal.truth();
        Order.Testimony testimony = attendance.end();
        say("closed");
        long left = attendance.watchesLeft();
        long requests = requests(before);
        journal.erase();
        return new Case(
                plan,
                attendance.isClassic(),
                struck,
                log,
                truth,
                testimony,
                misses,
                Math.max(0, (converged - healed) / 1_000_000),
                outages,
                requests,
                attendance.feeds(),
                (System.nanoTime() - begin) / 1e9,
                left);
    }

    private void say(String what) {
        log.add(String.format(Locale.ROOT, "%6d ms  %s", (System.nanoTime() - begin) / 1_000_000, what));
    }

    // ---- faults

    private void strike(Scene scene) {
        int before = 0;
        for (Plan.Step step : plan.steps()) {
            // Some faults take their time to inflict; what lasts is to last all the same.
            Scene.pass(Duration.ofMillis(step.atMillis() - before));
            before = step.atMillis();
            try {
                act(scene, step);
            } catch (RuntimeException e) {
                say("that could not be done: " + e);
                troubled = true;
            }
        }
    }

    private void act(Scene scene, Plan.Step step) {
        Blow blow = plan.blows().get(step.blow());
        switch (step.act()) {
            case INFLICT -> {
                say("inflict " + blow);
                blow.fault().inflict(scene, blow);
                inForce.put(step.blow(), System.nanoTime());
                struck.add(blow);
            }
            case HEAL -> {
                say("heal " + blow);
                heal(scene, step.blow());
            }
            case DISTURB -> {
                say("disturb");
                watchers.disturb();
            }
        }
    }

    private void heal(Scene scene, int index) {
        Blow blow = plan.blows().get(index);
        if (inForce.containsKey(index)) {
            endOutage(index);
            inForce.remove(index);
        }
        List<Integer> others = inForce.keySet().stream()
                .filter(other -> plan.blows().get(other).fault().sharesItsCureWith(blow.fault()))
                .toList();
        others.forEach(this::endOutage);
        blow.fault().heal(scene, blow);
        for (int other : others) {
            Blow again = plan.blows().get(other);
            say("inflict again " + again);
            again.fault().inflict(scene, again);
            inForce.put(other, System.nanoTime());
        }
        say("healed");
    }

    private void endOutage(int index) {
        boolean frozen = plan.blows().stream().anyMatch(blow -> blow.fault().harm() == Fault.Harm.WATCHERS);
        if (plan.blows().get(index).isOutage() && !frozen) {
            outages.add(new Case.Period(inForce.getOrDefault(index, Long.MAX_VALUE), System.nanoTime()));
        }
    }

    private void mend() {
        inForce.keySet().forEach(this::endOutage); // those that could not be healed
        watchers.mend();
        stage.mend();
        say("all is well");
    }

    // ---- what must be shown

    /** When all showed what there is. */
    private long awaitShown(String when) {
        SortedMap<String, String> there = new TreeMap<>();
        there().forEach((key, value) -> there.put(key.substring(journal.data().length()), value));
        long patience = attendance.isClassic() ? CONTROL_CONVERGES_WITHIN_MILLIS : Invariants.CONVERGE_WITHIN_MILLIS;
        Order.Arrival arrival = watchers.await(new Order.Await(there, patience));
        say((arrival.inTime() ? "all show " : "not all show ") + "what there is " + when);
        if (!arrival.inTime()) {
            misses.add(when + ", there is " + there + " and " + arrival.missing());
        }
        return arrival.nanos();
    }

    private void writeAll(List<String> keys, @Nullable String value) {
        SortedMap<String, @Nullable String> writes = new TreeMap<>();
        keys.forEach(key -> writes.put(key, value == null ? null : value + " " + key));
        journal.write(writes);
    }

    /** A write is tried only once, and may fail; whoever comes next relies on it that nothing is there. */
    private void removeAll() {
        for (int attempt = 0; attempt < REMOVALS; attempt++) {
            writeAll(Writer.KEYS, null);
            if (there().isEmpty()) {
                return;
            }
        }
        throw new IllegalStateException("the keys cannot be removed in " + REMOVALS + " attempts");
    }

    private SortedMap<String, String> there() {
        return stage.cluster().getPrefix(journal.data());
    }

    /** What was asked beside the journal's writes; too few if members were started anew. */
    private long requests(Optional<Requests> before) {
        Optional<Requests> after = stage.requests();
        return before.isEmpty() || after.isEmpty()
                ? 0
                : Math.max(0, Stage.asked(after.get()) - Stage.asked(before.get()) - journal.attempts());
    }
}
