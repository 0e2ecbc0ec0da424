package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.EtcdRelease;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs schedules one after the other, on clusters and with a process that serve many of them. What a schedule leaves in
 * disorder is replaced. Used by one thread.
 */
final class Lane implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final EtcdRelease release;
    private final boolean classic;
    private final Redirect log;
    private final EnumMap<Kind, Stage> stages = new EnumMap<>(Kind.class);
    private @Nullable Watchers watchers;

    private enum Kind {
        OPEN,
        SECURED
    }

    Lane(EtcdRelease release, boolean classic, Redirect log) {
        this.release = release;
        this.classic = classic;
        this.log = log;
    }

    Outcome run(long seed) throws InterruptedException {
        Plan plan = Plan.of(seed);
        Kind kind = plan.isSecured() ? Kind.SECURED : Kind.OPEN;
        for (int attempt = 1; ; attempt++) {
            try {
                Stage stage = stage(kind);
                Watchers watchers = watchers();
                Journal journal = new Journal(stage.cluster(), "s" + seed + "-" + System.nanoTime() + "/");
                Attendance attendance = new Attendance.ForOne(stage, watchers, journal.data(), classic);
                Outcome outcome = Outcome.of(Schedule.run(plan, stage, watchers, attendance, journal));
                if (!classic && !outcome.broken().isEmpty()) {
                    discard(kind); // what it left behind must not be held against the next
                }
                return outcome;
            } catch (Watchers.OutOfMemoryException e) {
                discard(kind);
                return Outcome.outOfMemory(plan, e);
            } catch (IOException | RuntimeException e) {
                discard(kind);
                if (attempt == ATTEMPTS) {
                    System.err.println("seed " + seed + " cannot be carried out: " + e + "\n" + plan);
                    return Outcome.notCarriedOut(plan);
                }
                System.err.println("seed " + seed + " is tried again on a new cluster: "
                        + e.toString().lines().findFirst().orElseThrow());
            }
        }
    }

    private Stage stage(Kind kind) throws IOException {
        Stage stage = stages.get(kind);
        if (stage == null) {
            stage = Stage.start(release, kind == Kind.SECURED);
            stages.put(kind, stage);
        }
        return stage;
    }

    private Watchers watchers() throws IOException {
        Watchers present = watchers;
        if (present == null) {
            present = Watchers.start(64, log);
            watchers = present;
        }
        return present;
    }

    private void discard(Kind kind) {
        Stage stage = stages.remove(kind);
        if (stage != null) {
            stage.close();
        }
        Watchers present = watchers;
        watchers = null;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public void close() {
        for (Kind kind : Kind.values()) {
            discard(kind);
        }
    }
}
