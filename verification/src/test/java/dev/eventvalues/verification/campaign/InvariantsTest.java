package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.verification.campaign.Sighting.Delta;
import dev.eventvalues.verification.campaign.Sighting.Held;
import dev.eventvalues.verification.campaign.Sighting.OfChanges;
import dev.eventvalues.verification.campaign.Sighting.OfFreshness;
import dev.eventvalues.verification.campaign.Sighting.OfKey;
import dev.eventvalues.verification.campaign.Sighting.OfRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each invariant holds for what is right, and finds what is wrong. */
class InvariantsTest {
    private static final long MILLI = 1_000_000;
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final TreeMap<Long, SortedMap<String, @Nullable String>> committed = new TreeMap<>();
    private final List<Truth.Store> replaced = new ArrayList<>();
    private final List<Truth.Answer> answers = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<Order.Ending> endings = new ArrayList<>();
    private final List<String> leftovers = new ArrayList<>();
    private final List<String> misses = new ArrayList<>();
    private final List<Case.Period> outages = new ArrayList<>();
    private long seed = seedOfARefusal(false);
    private long begin;
    private long requests;
    private long watchesLeft;

    private static long seedOfARefusal(boolean wanted) {
        return LongStream.range(1, Plan.pairs())
                .filter(each -> wanted
                        == Plan.of(each).blows().stream()
                                .anyMatch(blow -> blow.fault().harm() == Fault.Harm.REFUSAL))
                .findFirst()
                .orElseThrow();
    }

    /** A write: names and values in turn. */
    private void write(long revision, @Nullable String... namesAndValues) {
        SortedMap<String, @Nullable String> writes = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            writes.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        committed.put(revision, writes);
    }

    private void writeAt(long revision, Instant known, @Nullable String... namesAndValues) {
        write(revision, namesAndValues);
        answers.add(new Truth.Answer(replaced.size(), revision, known));
    }

    private void restore(long revision) {
        replaced.add(Truth.Store.of(begin, committed));
        committed.tailMap(revision, false).clear();
        begin = revision;
    }

    private void sees(@Nullable String... values) {
        for (String value : values) {
            sightings.add(new OfKey("watcher", 0, "a", value, 0));
        }
    }

    private static OfRange range(long epoch, long revision, Object... namesValuesRevisions) {
        SortedMap<String, Held> held = new TreeMap<>();
        for (int i = 0; i < namesValuesRevisions.length; i += 3) {
            held.put((String) namesValuesRevisions[i], new Held((String) namesValuesRevisions[i + 1], (Integer)
                    namesValuesRevisions[i + 2]));
        }
        return new OfRange("watcher", 0, epoch, revision, held);
    }

    private List<Invariants.Breach> broken() {
        List<Truth.Store> stores = new ArrayList<>(replaced);
        stores.add(Truth.Store.of(begin, committed));
        return Invariants.broken(new Case(
                Plan.of(seed),
                false,
                List.of(),
                List.of(),
                new Truth(stores, answers),
                new Order.Testimony(sightings, new Order.Endings(endings), leftovers),
                misses,
                0,
                outages,
                requests,
                8,
                1,
                watchesLeft));
    }

    private void assertBroken(String... words) {
        assertThat(broken()).isNotEmpty();
        assertThat(broken().get(0).how()).contains(words);
    }

    private void assertGood() {
        assertThat(broken()).isEmpty();
    }

    @Nested
    class AKey {
        AKey() {
            write(2, "a", "one");
            write(3, "a", null);
            write(4, "a", "");
            write(5, "a", "two");
        }

        @Test
        void mayBeShownInAnyPartOfItsHistoryInOrder() {
            sees(null, "one", null, "", "two");
            assertGood();
        }

        @Test
        void mayBeShownWithStatesLeftOut() {
            sees("one", "two");
            assertGood();
        }

        @Test
        void mayNotGoBack() {
            sees("two", "one");
            assertBroken("no longer", "one");
        }

        @Test
        void mayNotBeInvented() {
            sees("three");
            assertBroken("not there", "three");
        }

        @Test
        void mayNotBeShownTwiceInARow() {
            sees("one", "one");
            assertBroken("twice");
        }

        @Test
        void isAbsentOrEmptyButNotEither() {
            sees("two", null);
            assertBroken("null");
        }

        @Test
        void hasTheRevisionThatWroteIt() {
            sightings.add(new OfKey("watcher", 0, "a", "one", 4));
            assertBroken("modRevision=4");
        }

        @Test
        void goesOnInARestoredStore() {
            restore(3);
            write(4, "a", "after");
            sees("one", "two", null, "after");
            assertGood();
        }

        @Test
        void doesNotGoBehindTheBackup() {
            restore(3);
            write(4, "a", "after");
            sees("two", "one");
            assertBroken("one");
        }
    }

    @Nested
    class ASnapshot {
        ASnapshot() {
            write(2, "a", "one", "b", "one");
            write(3, "a", "two", "b", "two");
        }

        @Test
        void isTheRangeAtItsRevision() {
            sightings.add(range(1, 2, "a", "one", 2, "b", "one", 2));
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            assertGood();
        }

        @Test
        void isNeverHalfOfATransaction() {
            sightings.add(range(1, 3, "a", "two", 3, "b", "one", 2));
            assertBroken("not there");
        }

        @Test
        void neverHasAnEarlierRevision() {
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            sightings.add(range(1, 2, "a", "one", 2, "b", "one", 2));
            assertBroken("earlier revision");
        }

        @Test
        void isNotShownTwice() {
            sightings.add(range(1, 2, "a", "one", 2, "b", "one", 2));
            sightings.add(range(1, 2, "a", "one", 2, "b", "one", 2));
            assertBroken("twice");
        }

        @Test
        void ofAnotherEpochIsOfAnotherStore() {
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            sightings.add(range(2, 3, "a", "two", 3, "b", "two", 3));
            assertBroken("not there");
        }

        @Test
        void goesOnInItsEpochIfABackupHadAllThatWasShown() {
            restore(3);
            write(4, "a", "after");
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            sightings.add(range(1, 4, "a", "after", 4, "b", "two", 3));
            assertGood();
        }

        @Test
        void doesNotGoOnInItsEpochIfABackupHadLostSomething() {
            restore(2);
            write(3, "b", "other");
            write(4, "a", "after");
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            sightings.add(range(1, 4, "a", "after", 4, "b", "other", 3));
            assertBroken("not there");
        }

        @Test
        void ofAnotherEpochMayHaveAnEarlierRevision() {
            restore(2);
            sightings.add(range(1, 3, "a", "two", 3, "b", "two", 3));
            sightings.add(range(2, 2, "a", "one", 2, "b", "one", 2));
            assertGood();
        }
    }

    @Nested
    class WhatChanged {
        WhatChanged() {
            write(2, "a", "one");
            write(3, "a", null);
        }

        private void told(OfRange after, Delta... deltas) {
            sightings.add(new OfChanges("watcher", 0, List.of(deltas), after, false));
        }

        @Test
        void leadsToWhatThereIs() {
            told(range(1, 2, "a", "one", 2), new Delta("a", null, "one"));
            told(range(1, 3), new Delta("a", "one", null));
            assertGood();
        }

        @Test
        void namesEveryDelete() {
            told(range(1, 2, "a", "one", 2), new Delta("a", null, "one"));
            told(range(1, 3));
            assertBroken("no change");
        }

        @Test
        void saysTrulyWhatWasBefore() {
            told(range(1, 2, "a", "one", 2), new Delta("a", "zero", "one"));
            assertBroken("before");
        }
    }

    @Nested
    class AClaimToBeFresh {
        AClaimToBeFresh() {
            writeAt(2, NOON, "a", "one");
            writeAt(3, NOON.plusMillis(100), "a", "two");
        }

        private void claim(Instant confirmed, String value, long age) {
            sightings.add(
                    new Sighting.Claim("freshness", 0, 0, confirmed, age, "a", new TreeMap<>(Map.of("a", value))));
        }

        @Test
        void mayShowAnythingWrittenLater() {
            claim(NOON.plusMillis(50), "one", 0);
            claim(NOON.plusMillis(50), "two", 0);
            assertGood();
        }

        @Test
        void mayNotMissWhatWasWrittenBeforeItWasConfirmed() {
            claim(NOON.plusMillis(101), "one", 0);
            assertBroken("called fresh", "revision 3");
        }

        @Test
        void mayNotBeOld() {
            claim(NOON, "one", 1_001);
            assertBroken("1001 ms");
        }
    }

    @Nested
    class AnOutage {
        AnOutage() {
            outages.add(new Case.Period(0, 3_000 * MILLI));
            told(-10, true);
        }

        private void told(long millis, boolean fresh) {
            sightings.add(new OfFreshness("freshness", millis * MILLI, fresh, fresh ? "Fresh" : "Stale"));
        }

        @Test
        void isToldInTime() {
            told(1_400, false);
            assertGood();
        }

        @Test
        void isNotToldTooLate() {
            told(1_600, false);
            assertBroken("not told of an outage");
        }

        @Test
        void needNotBeToldIfItIsShort() {
            outages.set(0, new Case.Period(0, 1_400 * MILLI));
            assertGood();
        }
    }

    @Nested
    class TheRest {
        @Test
        void whatDoesNotConvergeIsFound() {
            misses.add("eager a");
            assertBroken("eager a");
        }

        @Test
        void aRefusalNeedsACause() {
            sightings.add(new Sighting.OfRefusal("watcher", 0, "denied"));
            assertBroken("without a cause");
            seed = seedOfARefusal(true);
            assertGood();
        }

        @Test
        void anEndMayTakeNoLongerThanTheMachineAllows() {
            endings.add(new Order.Ending("this", 150_000, 60_000));
            assertGood();
            endings.add(new Order.Ending("that", 150_000, 40_000));
            assertBroken("that", "150 ms");
        }

        @Test
        void requestsAreCountedByFeedAndSecond() {
            requests = 80;
            assertGood();
            requests = 81;
            assertBroken("81 requests");
        }

        @Test
        void nothingMayBeLeft() {
            leftovers.add("thread event-values-etcd");
            assertBroken("thread");
            leftovers.clear();
            watchesLeft = 1;
            assertBroken("1 watches");
        }
    }
}
