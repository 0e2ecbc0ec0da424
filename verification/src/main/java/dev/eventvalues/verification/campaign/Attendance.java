package dev.eventvalues.verification.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who watches in a schedule. */
interface Attendance {
    /** Has them watch. */
    void begin();

    /** What they saw, once there is nothing more to see. */
    Order.Testimony end();

    /** How many watches there are on the servers that nobody needs any more. */
    long watchesLeft();

    /** How many keys and ranges they follow. */
    int feeds();

    /** Whether they are the control. */
    boolean isClassic();

    /** Those who come for one schedule and are gone after it. */
    record ForOne(Stage stage, Watchers watchers, String prefix, boolean isClassic) implements Attendance {
        /** Six keys, the range, and the range once more on the connection that is ended. */
        private static final int FEEDS = Writer.KEYS.size() + 2;

        private static final Duration WATCHES_END_WITHIN = Duration.ofSeconds(5);
        private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

        @Override
        public void begin() {
            watchers.open(stage.access(prefix), isClassic);
        }

        @Override
        public Order.Testimony end() {
            return watchers.testify();
        }

        @Override
        public long watchesLeft() {
            long deadline = System.nanoTime() + WATCHES_END_WITHIN.toNanos();
            while (true) {
                double watches = stage.watches();
                if (watches == 0 || System.nanoTime() > deadline) {
                    return (long) watches;
                }
                Scene.pass(BETWEEN_LOOKS);
            }
        }

        @Override
        public int feeds() {
            return FEEDS;
        }
    }

    /**
     * Those who stay for many, beside guests that come and go in each. What they were shown last in one is the first that
     * they are shown in the next. Used by one thread.
     */
    final class ForMany implements Attendance {
        /** Those of one schedule, and the two that only guests follow. */
        private static final int FEEDS = ForOne.FEEDS + 2;

        private final Watchers watchers;
        private final Random seeds;
        private final Leak leak;
        private final SortedMap<String, Long> visits = new TreeMap<>();
        private long deliveries;
        private List<Sighting> last = List.of();

        ForMany(Watchers watchers, long seed, Leak leak) {
            this.watchers = watchers;
            this.seeds = new Random(seed);
            this.leak = leak;
        }

        @Override
        public void begin() {
            watchers.welcome(new Order.Welcome(seeds.nextLong(), leak));
        }

        @Override
        public Order.Testimony end() {
            Order.Account account = watchers.bidFarewell();
            account.visits().forEach((visit, number) -> visits.merge(visit, number, Math::addExact));
            Order.Testimony testimony = account.testimony();
            deliveries += account.deliveries()
                    + testimony.sightings().stream()
                            .filter(sighting -> !isOfAGuest(sighting))
                            .count();
            List<Sighting> all = new ArrayList<>(last);
            all.addAll(testimony.sightings());
            last = lastOfEach(all);
            return new Order.Testimony(all, testimony.endings(), testimony.leftovers());
        }

        /** What those who stay were shown last, as what they begin with. */
        static List<Sighting> lastOfEach(List<Sighting> all) {
            Map<String, Sighting> last = new LinkedHashMap<>();
            for (Sighting one : all) {
                if (!isOfAGuest(one)) {
                    if (one instanceof Sighting.OfChanges changes) {
                        last.put(one.watcher(), changes.after());
                    } else if (one instanceof Sighting.OfRange
                            || one instanceof Sighting.OfKey
                            || one instanceof Sighting.OfFreshness) {
                        last.put(one.watcher(), one);
                    }
                }
            }
            return List.copyOf(last.values());
        }

        private static boolean isOfAGuest(Sighting sighting) {
            return sighting.watcher().startsWith(Guest.TITLE);
        }

        /** How many guests there were in all, by what they did. */
        SortedMap<String, Long> visits() {
            return visits;
        }

        /** How often anybody was shown or told something. */
        long deliveries() {
            return deliveries;
        }

        /** They go on watching; how many watches there are is counted in a sample. */
        @Override
        public long watchesLeft() {
            return 0;
        }

        @Override
        public int feeds() {
            return FEEDS;
        }

        @Override
        public boolean isClassic() {
            return false;
        }
    }
}
