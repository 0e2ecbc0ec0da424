package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of writes, cuts, compactions, late and repeated events, lagging members and replaced stores, for one
 * feed: enough to see at once that a change of the protocol has broken it. The module {@code verification} goes through
 * many more of many feeds. A failing schedule names its seed.
 */
class FollowerScheduleTest {
    private static final int SCHEDULES = 2_000;
    private static final String[] NAMES = {"a", "b", "c", "d"};

    @Test
    void everyScheduleEndsAtTheStateOfTheStoreAndNeverShowsHalfARevision() {
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            Schedule schedule = new Schedule(seed);
            try {
                schedule.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + schedule.log, e);
            }
        }
    }

    private static final class Schedule {
        final StringBuilder log = new StringBuilder();
        private final Random random;
        private final Span span;
        private final List<Event> late = new ArrayList<>();
        private SimulatedStore store = new SimulatedStore(1, 100);
        private Follower follower;
        private @Nullable Command running;

        /** For a watch: whether it was accepted, and the next revision to send. */
        private boolean opened;

        /** The watch began with what is history. Old releases then lose removals that are the first of it and compacted. */
        private boolean behind;

        private long from;
        private long next;
        private long now;

        Schedule(long seed) {
            random = new Random(seed);
            span = seed % 4 == 0 ? Span.of(Key.of("b")) : new Span(Key.of("a"), Key.of("e"));
            take(Follower.start(span, Limits.NONE));
        }

        void run() {
            int steps = 5 + random.nextInt(40);
            for (int i = 0; i < steps; i++) {
                Known before = follower.known();
                disturb();
                check(before);
            }
            for (int i = 0; i < 100 && !inStep(); i++) {
                answer(false);
            }
            assertThat(inStep()).as("in step after the heal").isTrue();
            assertThat(Told.known(follower.known())).isEqualTo(text(held(store.revision())));
        }

        private boolean inStep() {
            return running instanceof Command.Follow && opened && next > store.revision();
        }

        private void disturb() {
            switch (random.nextInt(13)) {
                case 0, 1, 2 -> write();
                case 3 -> cut("cut");
                case 4 -> store.compacted = store.revision();
                case 5 -> repeatLate();
                case 6 -> {
                    if (random.nextInt(6) == 0) {
                        replaceStore();
                    } else {
                        now += Follower.SETTLED_NANOS / 2;
                    }
                }
                case 7 -> talk();
                default -> answer(true);
            }
        }

        /** A command fails by itself; or its stream ends, with few or many others. */
        private void cut(String how) {
            Trouble trouble = new Trouble(Trouble.Kind.UNREACHABLE, how);
            if (running instanceof Command.Read && random.nextBoolean()) {
                event(new Event.Oversized(running.ticket(), trouble));
                return;
            }
            event(
                    running instanceof Command.Follow && random.nextBoolean()
                            ? new Event.Lost(running.ticket(), trouble, 1 + random.nextInt(2 * Follower.MANY))
                            : new Event.Failed(running.ticket(), trouble));
        }

        /** What is told about the connection changes nothing that is known. */
        private void talk() {
            Trouble trouble = new Trouble(Trouble.Kind.UNREACHABLE, "silent");
            switch (random.nextInt(3)) {
                case 0 -> event(new Event.Delayed(running.ticket(), trouble));
                case 1 -> event(new Event.Doubted(running.ticket(), trouble));
                default -> event(new Event.Proved(running.ticket()));
            }
        }

        private void write() {
            Map<String, String> writes = new TreeMap<>();
            int count = 1 + random.nextInt(2);
            for (int i = 0; i < count; i++) {
                String value = new String[] {"", "x", "y", null}[random.nextInt(4)];
                writes.put(NAMES[random.nextInt(NAMES.length)], value);
            }
            log.append("write ").append(writes).append('\n');
            store.write(writes);
        }

        /** Another cluster, or an earlier backup of this one, which may overtake the follower before they meet. */
        private void replaceStore() {
            Known known = follower.known();
            boolean backup = random.nextBoolean() && known.revision() > 2 && !(running instanceof Command.Read);
            SimulatedStore other = new SimulatedStore(backup ? store.clusterId : store.clusterId + 1, store.term - 1);
            for (long i = random.nextInt(backup ? (int) known.revision() - 1 : 5); i > 0; i--) {
                other.write(Map.of(NAMES[random.nextInt(NAMES.length)], "o" + i));
            }
            log.append("another store: ").append(backup ? "a backup\n" : "a cluster\n");
            store = other;
            cut("restarting");
        }

        private void repeatLate() {
            if (!late.isEmpty()) {
                event(late.get(random.nextInt(late.size())));
            }
        }

        /** What a server would answer next to the command that runs. */
        private void answer(boolean faulty) {
            long ticket = running.ticket();
            Origin origin = store.origin();
            if (running instanceof Command.Rest) {
                event(new Event.Rested(ticket));
            } else if (running instanceof Command.Confirm) {
                event(new Event.Confirmed(ticket, origin));
            } else if (running instanceof Command.Read read) {
                event(page(read, origin));
            } else if (!opened) {
                opened = true;
                boolean lagging = faulty && random.nextInt(8) == 0;
                behind = next <= store.revision();
                event(new Event.Opened(
                        ticket, lagging ? new Origin(store.clusterId, 1, store.term) : origin, from, () -> null, 1));
            } else if (next < store.compacted) {
                event(new Event.Compacted(ticket));
            } else if (next <= store.revision()) {
                send(ticket, faulty);
            } else if (random.nextBoolean()) {
                event(new Event.Progressed(ticket, store.revision()));
            }
        }

        private Event page(Command.Read read, Origin origin) {
            long revision = read.revision() == 0 ? store.revision() : read.revision();
            if (revision < store.compacted || revision > store.revision()) {
                return new Event.Compacted(read.ticket());
            }
            List<Map.Entry<Key, Item>> rest =
                    List.copyOf(held(revision).tailMap(read.from()).entrySet());
            int size = Math.min(rest.size(), Math.min(read.keys(), 1 + random.nextInt(3)));
            return new Event.Page(read.ticket(), origin, rest.subList(0, size), size < rest.size(), 1);
        }

        private SortedMap<Key, Item> held(long revision) {
            SortedMap<Key, Item> held = store.at(revision);
            held.keySet().removeIf(key -> !span.contains(key));
            return held;
        }

        private void send(long ticket, boolean faulty) {
            List<Change> changes = new ArrayList<>();
            if (faulty && next > 2 && random.nextInt(4) == 0) {
                changes.addAll(store.changesOf(next - 1)); // a duplicate, as some servers send
            }
            do {
                changes.addAll(store.changesOf(next));
                if (behind && next == store.compacted) {
                    changes.removeIf(change -> change.item() == null && change.revision() == store.compacted);
                }
                behind = false;
                next++;
            } while (next <= store.revision() && random.nextBoolean());
            int cut = random.nextInt(changes.size() + 1);
            if (cut > 0 && cut < changes.size()) {
                event(new Event.Updated(ticket, List.copyOf(changes.subList(0, cut)), true));
                if (faulty && random.nextInt(5) == 0) {
                    cut("cut in a revision");
                    return;
                }
                changes = changes.subList(cut, changes.size());
            }
            event(new Event.Updated(ticket, List.copyOf(changes), false));
        }

        private void event(Event event) {
            log.append(event).append('\n');
            late.add(event);
            take(follower.step(event, now));
        }

        private void take(Follower.Step step) {
            follower = step.next();
            if (step.command() != null) {
                running = step.command();
                log.append("  -> ").append(running).append('\n');
                if (running instanceof Command.Follow follow) {
                    opened = false;
                    // the client may know from elsewhere that the store is ahead
                    from = store.revision() >= follow.revision() && random.nextBoolean()
                            ? follow.early()
                            : follow.revision();
                    next = Math.max(from, 2); // the first there is
                }
            }
        }

        /** What consumers may see after each step. */
        private void check(Known before) {
            Known known = follower.known();
            if (known.items() == null) {
                return;
            }
            assertThat(known.epoch()).isGreaterThanOrEqualTo(before.epoch());
            if (known.epoch() == before.epoch()) {
                assertThat(known.revision()).isGreaterThanOrEqualTo(before.revision());
            }
            if (known.origin().clusterId() == store.clusterId && known.revision() <= store.revision()) {
                Map<String, String> shown = Told.known(known);
                Map<String, String> then = text(held(known.revision()));
                assertThat(shown.equals(then) || replaced())
                        .as("%s is the state at revision %s, which is %s", shown, known.revision(), then)
                        .isTrue();
            }
        }

        /** Before the next answer of a store that took over with the same cluster id, what is shown is the old one's. */
        private boolean replaced() {
            return log.indexOf("another store") >= 0;
        }

        private static Map<String, String> text(Map<Key, Item> state) {
            Map<String, String> text = new TreeMap<>();
            state.forEach((key, item) -> text.put(key.toString(), Told.text(item)));
            return text;
        }
    }
}
