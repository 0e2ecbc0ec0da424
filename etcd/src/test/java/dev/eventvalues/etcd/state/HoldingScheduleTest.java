package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Several holders of one key through random schedules: requests and answers that come late, get lost or overtake each
 * other, news that lags behind, outages, and other people's writes. All by virtual time.
 */
class HoldingScheduleTest {
    private static final int SCHEDULES = 3_000;
    private static final long MILLI = 1_000_000;
    private static final long TTL = 3_000 * MILLI;
    private static final long TROUBLED = 60_000 * MILLI;
    private static final long CALM = 30_000 * MILLI;

    private record Task(long time, long order, Runnable action) {}

    /** One world. */
    private static final class World {
        final Random random;
        final SimulatedLeases etcd = new SimulatedLeases(TTL);
        final PriorityQueue<Task> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::order));
        final List<Holder> holders = new ArrayList<>();
        final boolean othersWrite;
        long time;
        long order;

        World(long seed, boolean othersWrite) {
            this.random = new Random(seed);
            this.othersWrite = othersWrite;
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                holders.add(new Holder(this));
            }
        }

        boolean isTroubled() {
            return time < TROUBLED;
        }

        void after(long nanos, Runnable action) {
            tasks.add(new Task(time + nanos, order++, action));
        }

        void run() {
            holders.forEach(holder -> after(random.nextLong(2_000 * MILLI), holder::start));
            if (othersWrite) {
                interfere();
            }
            while (!tasks.isEmpty() && tasks.peek().time <= TROUBLED + CALM) {
                Task task = tasks.poll();
                time = task.time;
                etcd.passTo(time);
                task.action.run();
                holders.forEach(Holder::tellNews);
                if (!othersWrite) {
                    holders.forEach(Holder::checkHonest);
                }
            }
        }

        void interfere() {
            after(random.nextLong(5_000 * MILLI), () -> {
                if (isTroubled()) {
                    switch (random.nextInt(4)) {
                        case 0 -> etcd.overwrite();
                        case 1 -> etcd.revokeLease();
                        default -> etcd.delete();
                    }
                    interfere();
                } else {
                    etcd.delete();
                }
            });
        }

        Moment now() {
            return new Moment(time, Instant.EPOCH.plusNanos(time));
        }
    }

    private static final class Holder {
        final World world;
        Holding machine;
        long outageUntil;
        long told;
        boolean closed;

        /** News do not overtake each other. */
        long newsAt;

        Holder(World world) {
            this.world = world;
        }

        void start() {
            become(Holding.start(TTL, 5_000 * MILLI, world.now()));
            if (world.random.nextInt(4) == 0) {
                world.after(world.random.nextLong(TROUBLED), () -> {
                    closed = true;
                    on(new HoldEvent.Close());
                });
            }
            breakDown();
            due();
        }

        void breakDown() {
            world.after(world.random.nextLong(10_000 * MILLI), () -> {
                if (world.isTroubled()) {
                    outageUntil = world.time + world.random.nextLong(8_000 * MILLI);
                    breakDown();
                }
            });
        }

        void on(HoldEvent event) {
            become(machine.step(event, world.now()));
        }

        void become(Holding.Step step) {
            machine = step.next();
            step.commands().forEach(this::run);
            due();
        }

        void due() {
            Moment due = machine.due();
            if (due != null) {
                Holding before = machine;
                world.after(Math.max(0, due.nanoTime() - world.time), () -> {
                    if (machine == before) {
                        on(new HoldEvent.Due());
                    }
                });
            }
        }

        void run(HoldCommand command) {
            if (command instanceof HoldCommand.Rest rest) {
                long most = Math.min(1_000, 50L << Math.min(10, rest.attempt() - 1));
                world.after(
                        (most - world.random.nextLong(most / 2)) * MILLI,
                        () -> on(new HoldEvent.Rested(rest.ticket())));
            } else {
                send(command);
            }
        }

        void send(HoldCommand command) {
            world.after(delay(), () -> {
                if (isLost()) {
                    world.after(delay(), () -> fail(command));
                    return;
                }
                HoldEvent answer = execute(command);
                boolean lost = isLost();
                world.after(delay(), () -> {
                    if (lost) {
                        fail(command);
                    } else {
                        on(answer);
                    }
                });
            });
        }

        long delay() {
            boolean long_ = world.isTroubled() && world.random.nextInt(10) == 0;
            return world.random.nextLong((long_ ? 4_000 : 20) * MILLI);
        }

        boolean isLost() {
            return world.isTroubled() && (world.time < outageUntil || world.random.nextInt(10) == 0);
        }

        HoldEvent execute(HoldCommand command) {
            if (command instanceof HoldCommand.Grant grant) {
                return world.etcd.grant(grant);
            }
            if (command instanceof HoldCommand.Take take) {
                return world.etcd.take(take);
            }
            return command instanceof HoldCommand.Renew renew
                    ? world.etcd.renew(renew)
                    : world.etcd.revoke((HoldCommand.Revoke) command);
        }

        void fail(HoldCommand command) {
            Trouble trouble = new Trouble(Trouble.Kind.UNREACHABLE, "lost");
            if (command instanceof HoldCommand.Renew renew) {
                on(new HoldEvent.NotRenewed(renew.lease(), trouble));
            } else if (command instanceof HoldCommand.Grant grant) {
                on(new HoldEvent.Failed(grant.ticket(), trouble));
            } else if (command instanceof HoldCommand.Take take) {
                on(new HoldEvent.Failed(take.ticket(), trouble));
            } else if (command instanceof HoldCommand.Revoke revoke) {
                on(new HoldEvent.Failed(revoke.ticket(), trouble));
            }
        }

        void tellNews() {
            if (machine == null || told == world.etcd.revision) {
                return;
            }
            told = world.etcd.revision;
            HoldEvent news = new HoldEvent.Seen(1, world.etcd.revision, world.etcd.item());
            newsAt = Math.max(newsAt, Math.max(world.time, world.isTroubled() ? outageUntil : 0) + delay());
            world.after(newsAt - world.time, () -> on(news));
        }

        boolean isHeld() {
            return machine != null && machine.status().at(world.now()) instanceof HoldStatus.Held;
        }

        void checkHonest() {
            if (isHeld()) {
                Item item = world.etcd.item();
                assertThat(item)
                        .as("what is held at %s: %s", world.time, machine)
                        .isNotNull();
                assertThat(((HoldStatus.Held) machine.status()).revision()).isEqualTo(item.modRevision());
            }
        }
    }

    /** While only the machinery fails, whoever believes to hold the key does, so there are never two. */
    @Test
    void whoeverBelievesToHoldTheKeyDoes() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            play(seed, false);
        }
    }

    /** Deleting, overwriting and revoking under their hands included, in the end one of them holds the key. */
    @Test
    void inTheEndOneOfThemHoldsTheKey() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            play(seed, true);
        }
    }

    private static void play(long seed, boolean othersWrite) {
        World world = new World(seed, othersWrite);
        try {
            world.run();
            List<Holder> open =
                    world.holders.stream().filter(holder -> !holder.closed).toList();
            assertThat(open.stream().filter(Holder::isHeld).count())
                    .as(
                            "held by, of %s",
                            open.stream().map(holder -> holder.machine).toList())
                    .isEqualTo(open.isEmpty() ? 0 : 1);
            world.holders.forEach(Holder::checkHonest);
            world.holders.stream()
                    .filter(holder -> holder.closed)
                    .forEach(holder -> assertThat(holder.machine.hasEnded()).isTrue());
        } catch (AssertionError e) {
            throw new AssertionError("schedule " + seed, e);
        }
    }
}
