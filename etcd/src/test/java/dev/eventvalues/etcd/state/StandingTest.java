package dev.eventvalues.etcd.state;

import static dev.eventvalues.etcd.state.Told.continuing;
import static dev.eventvalues.etcd.state.Told.item;
import static dev.eventvalues.etcd.state.Told.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What proves that a feed knows the newest there is, what it is told about its connection, and whom it believes. */
class StandingTest {
    private static final long CLUSTER = 7;
    private static final Trouble CUT = new Trouble(Trouble.Kind.UNREACHABLE, "cut");
    private static final Trouble SILENT = new Trouble(Trouble.Kind.UNREACHABLE, "silent");
    private static final Trouble DENIED = new Trouble(Trouble.Kind.ACCESS_DENIED, "denied");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private Follower follower;
    private @Nullable Command command;
    private long ticket;
    private long now = 1_000;

    /** The newest proof of the connection. */
    private @Nullable Proof proof;

    private final Pulse pulse = () -> proof;

    @BeforeEach
    void start() {
        follow(new Span(Key.of("a"), Key.of("m")));
    }

    @Nested
    class AProof {
        private static final long LIMIT = 5_000_000_000L;

        private final Proof sent = new Proof(100, NOON);

        @Test
        void provesForAsLongAsTheLimit() {
            assertThat(sent.isOlderThan(LIMIT, 100 + LIMIT, NOON.plusSeconds(5)))
                    .isFalse();
        }

        @Test
        void isTooOldByTheMonotonicClockAlone() {
            assertThat(sent.isOlderThan(LIMIT, 101 + LIMIT, NOON)).isTrue();
        }

        /** While a machine sleeps, its monotonic clock may stand still. */
        @Test
        void isTooOldByTheWallClockAlone() {
            assertThat(sent.isOlderThan(LIMIT, 100, NOON.plusSeconds(5).plusNanos(1)))
                    .isTrue();
        }

        @Test
        void isNotRevivedByAWallClockThatIsSetBack() {
            assertThat(sent.isOlderThan(LIMIT, 101 + LIMIT, NOON.minus(Duration.ofDays(1))))
                    .isTrue();
        }

        @Test
        void agesAlsoWhenTheMonotonicClockOverflows() {
            Proof late = new Proof(Long.MAX_VALUE, NOON);

            assertThat(late.isOlderThan(LIMIT, Long.MIN_VALUE + LIMIT - 1, NOON))
                    .isFalse();
            assertThat(late.isOlderThan(LIMIT, Long.MIN_VALUE + LIMIT, NOON)).isTrue();
        }
    }

    @Nested
    class WithoutAWatch {
        @Test
        void nothingIsProvedWhileReading() {
            proof = at(now);

            assertNoPulse();
            assertThat(counted()).isNull();
        }

        @Test
        void nothingIsProvedBeforeTheWatchIsAccepted() {
            proof = at(now);
            page(10);

            assertNoPulse();
            assertThat(counted()).isNull();
        }

        @Test
        void nothingIsProvedWhileItIsOpenedAgainOneRevisionEarlier() {
            proof = at(now);
            page(10);
            opened(12);

            assertNoPulse();
        }

        @Test
        void nothingIsProvedWhileItIsConfirmed() {
            proof = at(now);
            page(10);
            opened(9);

            assertThat(command).isInstanceOf(Command.Confirm.class);
            assertNoPulse();
        }
    }

    @Nested
    class AnAcceptedWatch {
        @BeforeEach
        void read() {
            page(10);
        }

        @Test
        void atTheKnownRevisionCountsTheLastProof() {
            proof = at(now - 500);
            opened(10);

            assertThat(counted()).isEqualTo(at(now - 500));
        }

        @Test
        void atTheKnownRevisionCountsLaterProofsToo() {
            proof = at(now - 500);
            opened(10);
            proof = at(now + 500);

            assertThat(counted()).isEqualTo(at(now + 500));
        }

        /** A backup has been restored meanwhile, and nothing ran on the connection that would have noticed. */
        @Test
        void ofALogOfAnEarlierTermDoesNotCountTheLastProof() {
            proof = new Proof(now - 500, NOON, 5);
            event(new Event.Opened(ticket, new Origin(CLUSTER, 10, 4), 11, pulse, 1));

            assertThat(counted()).isNull();
        }

        @Test
        void onAConnectionWithoutAProofCountsOnlyThoseSentSince() {
            opened(10);
            proof = at(now - 1); // sent before, answered after
            assertThat(counted()).isNull();

            proof = at(now);
            assertThat(counted()).isEqualTo(at(now));
        }

        /** The member has more than we know. What of it is ours is told some time after the watch is accepted. */
        @Test
        void whenTheStoreIsAheadCountsOnlyProofsSentOnceItHasBeenTold() {
            proof = at(now - 1);
            opened(12);
            opened(12);
            assertThat(counted()).isNull();

            proof = at(now + Follower.CATCH_UP_NANOS - 1);
            assertThat(counted()).isNull();

            proof = at(now + Follower.CATCH_UP_NANOS);
            assertThat(counted()).isEqualTo(proof);
        }

        @Test
        void whenTheStoreHasMovedOnOnceMoreStillCountsOnlySuchProofs() {
            opened(12);
            now += 10;
            proof = at(now + 1);
            opened(14);

            assertThat(counted()).isNull();
        }

        @Test
        void remembersWhatWasProvedBefore() {
            proof = at(now - 500);
            opened(10);
            lost(1);
            proof = at(now - 1);
            opened(12);
            opened(12);

            assertThat(counted()).isEqualTo(at(now - 500));
        }

        @Test
        void isToldOfNoTrouble() {
            event(new Event.Delayed(ticket, CUT));
            opened(10);

            assertThat(follower.known().trouble()).isNull();
        }
    }

    @Nested
    class Fragments {
        @BeforeEach
        void watch() {
            page(10);
            proof = at(now - 500);
            opened(10);
        }

        @Test
        void freezeTheProof() {
            fragment(put("a", "2", 11));
            proof = at(now + 500);

            assertThat(counted()).isEqualTo(at(now - 500));
            assertThat(follower.known().standing().pulse()).isNotNull();
        }

        @Test
        void freezeTheProofThatTheFirstOfThemFound() {
            fragment(put("a", "2", 11));
            proof = at(now + 500);
            fragment(put("b", "2", 11));

            assertThat(counted()).isEqualTo(at(now - 500));
        }

        @Test
        void onceCompleteCountOnlyProofsSentSince() {
            fragment(put("a", "2", 11));
            now += 100;
            proof = at(now - 1);
            updated(put("b", "2", 11));
            assertThat(counted()).as("of before the first").isEqualTo(at(500));

            proof = at(now);
            assertThat(counted()).isEqualTo(at(now));
        }

        @Test
        void thatBreakOffLeaveWhatWasProvedBefore() {
            fragment(put("a", "2", 11));
            proof = at(now + 500);
            lost(1);

            assertNoPulse();
            assertThat(counted()).isEqualTo(at(now - 500));
        }

        /** Progress is told of a watch that is in step; a revision that has come in part is not complete. */
        @Test
        void areNotOvertakenByProgress() {
            fragment(put("a", "2", 11));
            event(new Event.Progressed(ticket, 20));
            assertThat(follower.known().revision()).isEqualTo(10);

            updated(put("b", "2", 11));
            assertThat(Told.known(follower.known())).isEqualTo(Map.of("a", "2", "b", "2"));
            assertThat(follower.known().revision()).isEqualTo(11);
        }

        @Test
        void thatBreakOffBehindProgressAreAskedForAgain() {
            fragment(put("a", "2", 11));
            event(new Event.Progressed(ticket, 20));
            lost(1);
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        @Test
        void areFollowedByProgressAsUsual() {
            fragment(put("a", "2", 11));
            updated(put("b", "2", 11));
            event(new Event.Progressed(ticket, 20));

            assertThat(follower.known().revision()).isEqualTo(20);
        }

        @Test
        void leaveTheProofAloneWhenThereIsOnlyOne() {
            updated(put("a", "2", 11));
            proof = at(now + 1);

            assertThat(counted()).isEqualTo(at(now + 1));
        }
    }

    @Nested
    class TheEndOfAWatch {
        @BeforeEach
        void watch() {
            page(10);
            proof = at(now - 500);
            opened(10);
        }

        private void assertOnlyRemembered() {
            proof = at(now + 500); // the connection may go on
            assertNoPulse();
            assertThat(counted()).isEqualTo(at(now - 500));
        }

        @Test
        void withItsStreamTakesThePulseAndLeavesTheLastProof() {
            lost(1);

            assertOnlyRemembered();
            assertThat(follower.known().trouble()).isEqualTo(CUT);
        }

        @Test
        void byItselfTakesThePulseAndLeavesTheLastProof() {
            failed(CUT);

            assertOnlyRemembered();
        }

        @Test
        void byACompactionTakesThePulseAndLeavesTheLastProof() {
            event(new Event.Compacted(ticket));

            assertOnlyRemembered();
        }

        @Test
        void byDistrustTakesThePulseAndLeavesTheLastProof() {
            event(new Event.Distrusted(ticket));

            assertOnlyRemembered();
        }

        @Test
        void isStillRememberedAfterANewReading() {
            event(new Event.Compacted(ticket));
            rested();
            page(30);

            assertOnlyRemembered();
        }

        @Test
        void isFollowedByProofsOfTheNextConnection() {
            lost(1);
            heldAsKnown();
            Proof ofTheNext = at(now + 200);
            event(new Event.Opened(ticket, new Origin(CLUSTER, 10), 11, () -> ofTheNext, 1));

            assertThat(counted()).isEqualTo(ofTheNext);
        }
    }

    @Nested
    class ADoubtedConnection {
        @BeforeEach
        void watch() {
            page(10);
            opened(10);
            event(new Event.Doubted(ticket, SILENT));
        }

        @Test
        void isToldAndTheWatchGoesOn() {
            assertThat(follower.known().trouble()).isEqualTo(SILENT);
            assertThat(command).isNull();
            assertThat(follower.watching()).isEqualTo(ticket);
            assertThat(follower.known().standing().pulse()).isNotNull();
        }

        @Test
        void isNotProvedByNewsAlone() {
            updated(put("a", "2", 11));
            event(new Event.Progressed(ticket, 20));

            assertThat(follower.known().trouble()).isEqualTo(SILENT);
            assertThat(follower.known().revision()).isEqualTo(20);
        }

        @Test
        void isForgivenOnceItIsProved() {
            event(new Event.Proved(ticket));

            assertThat(follower.known().trouble()).isNull();
            assertThat(command).isNull();
        }

        @Test
        void isForgottenWithTheWatch() {
            long late = ticket;
            lost(1);
            event(new Event.Proved(late));

            assertThat(follower.known().trouble()).as("that of the end").isEqualTo(CUT);
        }

        /** Watchers look when what is known changes, and only then. */
        @Test
        void isToldAnewOnceItIsProvedForTheFirstTime() {
            lost(1);
            heldAsKnown();
            opened(10);
            Known before = follower.known();
            proof = at(now + 10);
            event(new Event.Proved(ticket));

            assertThat(follower.known()).isNotEqualTo(before);
        }
    }

    @Nested
    class ADelayedCommand {
        @Test
        void showsTheTroubleAndKeepsWaitingToBeRead() {
            assertKept();
        }

        @Test
        void showsTheTroubleAndKeepsWaitingToBeOpened() {
            page(10);

            assertKept();
        }

        @Test
        void showsTheTroubleAndKeepsWaitingToBeConfirmed() {
            page(10);
            opened(9);

            assertKept();
        }

        @Test
        void isARefusalIfTheTroubleWillNotPass() {
            event(new Event.Delayed(ticket, DENIED));

            assertThat(follower.known().refusal()).isEqualTo(DENIED);
        }

        @Test
        void isAnsweredAsIfNothingHadBeen() {
            event(new Event.Delayed(ticket, CUT));
            page(10);

            assertThat(follower.known().trouble()).isNull();
            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        private void assertKept() {
            long running = ticket;
            event(new Event.Delayed(ticket, CUT));

            assertThat(follower.known().trouble()).isEqualTo(CUT);
            assertThat(command).isNull();
            assertThat(ticket).isEqualTo(running);
        }
    }

    @Nested
    class AWatchLostWithItsStream {
        @Test
        void isResumedAtOnceWithoutARest() {
            page(10);
            opened(10);
            updated(put("a", "2", 11));
            lost(1);
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(ticket, 12, 11));
        }

        @Test
        void isResumedEvenIfItHadNotBeenAccepted() {
            page(10);
            lost(1);
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        @Test
        void ofASingleKeyIsReadAgainIfVeryManyWereLost() {
            follow(Span.of(Key.of("a")));
            page(10);
            opened(10);
            lost(Follower.MANY + 1);

            assertThat(command).isEqualTo(new Command.Read(ticket, Key.of("a"), 0, 1));
        }

        @Test
        void ofASingleKeyIsResumedIfFewWereLost() {
            follow(Span.of(Key.of("a")));
            page(10);
            opened(10);
            lost(Follower.MANY);
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        @Test
        void ofASmallRangeIsReadAtTheRevisionThatIsKnownHoweverManyWereLost() {
            page(10, "a");
            opened(10);
            lost(10_000);

            assertThat(command).isEqualTo(new Command.Read(ticket, Key.of("a"), 10, 1_000));
        }

        /** Reading it may cost more than its replay. */
        @Test
        void ofALargeRangeIsResumedHoweverManyWereLost() {
            take(Follower.start(new Span(Key.of("a"), Key.of("m")), new Limits(10, 10_000, 1)));
            page(10, "a", "b");
            opened(10);
            lost(10_000);

            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        @Test
        void keepsWhatIsKnown() {
            page(10, "a");
            opened(10);
            lost(10_000);

            assertThat(Told.known(follower.known())).isEqualTo(Map.of("a", "1"));
        }

        @Test
        void doesNotCountAsAFailure() {
            page(10);
            for (int i = 0; i < 5; i++) {
                opened(10);
                lost(1);
                heldAsKnown();
            }
            failed(CUT);

            assertThat(command).isEqualTo(new Command.Rest(ticket, 1, false));
        }

        @Test
        void forgetsEarlierFailuresIfItHadSettled() {
            page(10);
            failed(CUT);
            rested();
            heldAsKnown();
            failed(CUT);
            rested();
            heldAsKnown();
            opened(10);
            now += Follower.SETTLED_NANOS;
            lost(1);
            failed(CUT);

            assertThat(command).isEqualTo(new Command.Rest(ticket, 1, false));
        }
    }

    /** Releases 3.4 say "permission denied" to a watch when it is only the token of its stream that has expired. */
    @Nested
    class ADeniedWatch {
        @BeforeEach
        void read() {
            page(10);
        }

        @Test
        void isConfirmedByAReadBeforeItIsBelieved() {
            failed(DENIED);

            assertThat(command).isEqualTo(new Command.Confirm(ticket));
            assertThat(follower.known().refusal()).isNull();
        }

        @Test
        void isTriedAgainAfterARestIfTheReadIsAllowed() {
            failed(DENIED);
            confirmed();
            assertThat(command).isEqualTo(new Command.Rest(ticket, 1, false));

            rested();
            heldAsKnown();
            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));
        }

        @Test
        void isBelievedAtOnceIfTheReadIsDeniedToo() {
            failed(DENIED);
            failed(DENIED);

            assertThat(follower.known().refusal()).isEqualTo(DENIED);
            assertThat(command).isEqualTo(new Command.Rest(ticket, 1, false));
        }

        @Test
        void isBelievedTheThirdTime() {
            for (int i = 1; i <= 2; i++) {
                failed(DENIED);
                assertThat(follower.known().refusal()).isNull();
                confirmed();
                rested();
                heldAsKnown();
            }
            failed(DENIED);

            assertThat(follower.known().refusal()).isEqualTo(DENIED);
            assertThat(command).isEqualTo(new Command.Rest(ticket, 3, false));
        }

        @Test
        void isTriedAgainWhenItHasBeenBelieved() {
            failed(DENIED);
            failed(DENIED);
            rested();
            heldAsKnown();
            assertThat(command).isEqualTo(new Command.Follow(ticket, 11, 10));

            opened(10);
            assertThat(follower.known().refusal()).isNull();
        }

        @Test
        void isReadAgainIfTheReadFindsAnotherStore() {
            failed(DENIED);
            event(new Event.Confirmed(ticket, new Origin(8, 3)));
            rested();

            assertThat(command).isEqualTo(new Command.Read(ticket, Key.of("a"), 0, 1_000));
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void isBelievedAtOnceIfItHadBeenAccepted(boolean updated) {
            opened(10);
            if (updated) {
                updated(put("a", "2", 11));
            }
            failed(DENIED);

            assertThat(follower.known().refusal()).isEqualTo(DENIED);
        }
    }

    // ---- driving

    private void follow(Span span) {
        take(Follower.start(span, Limits.NONE));
    }

    private void take(Follower.Step step) {
        follower = step.next();
        command = step.command();
        if (command != null) {
            ticket = command.ticket();
        }
    }

    private void event(Event event) {
        take(follower.step(event, now));
    }

    private void page(long revision, String... keys) {
        List<Map.Entry<Key, Item>> items =
                List.of(keys).stream().map(key -> item(key, "1", 3)).toList();
        event(new Event.Page(ticket, new Origin(CLUSTER, revision), items, false, 1));
    }

    /** What is known is read again at its own revision, and the store holds it. */
    private void heldAsKnown() {
        event(Told.again(follower.known(), command));
    }

    private void opened(long revision) {
        event(new Event.Opened(ticket, new Origin(CLUSTER, revision), asked(), pulse, 1));
    }

    private long asked() {
        return command instanceof Command.Follow follow ? follow.revision() : 0;
    }

    private void updated(Change... changes) {
        event(new Event.Updated(ticket, continuing(follower.known(), changes), false));
    }

    private void fragment(Change... changes) {
        event(new Event.Updated(ticket, continuing(follower.known(), changes), true));
    }

    private void failed(Trouble trouble) {
        event(new Event.Failed(ticket, trouble));
    }

    private void lost(int together) {
        event(new Event.Lost(ticket, CUT, together));
    }

    private void confirmed() {
        event(new Event.Confirmed(ticket, new Origin(CLUSTER, 10)));
    }

    private void rested() {
        event(new Event.Rested(ticket));
    }

    private static Proof at(long nanoTime) {
        return new Proof(nanoTime, NOON.plusNanos(nanoTime));
    }

    private @Nullable Proof counted() {
        return follower.known().standing().proof();
    }

    private void assertNoPulse() {
        assertThat(follower.known().standing().pulse()).isNull();
    }
}
