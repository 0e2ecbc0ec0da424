package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The protocol, one sentence a test. {@code docs/etcd-protocol.md} draws the states and names these tests. */
class FollowerTest {
    private static final long CLUSTER = 7;
    private static final Trouble CUT = new Trouble(Trouble.Kind.UNREACHABLE, "cut");
    private static final Trouble TOO_MUCH = new Trouble(Trouble.Kind.UNREACHABLE, "a page of a gigabyte");
    private static final Trouble DENIED = new Trouble(Trouble.Kind.ACCESS_DENIED, "denied");

    private Follower follower;
    private @Nullable Command command;

    /** The clock may begin anywhere, and overflow. */
    private long now = Long.MAX_VALUE - 1_000_000_000L;

    @BeforeEach
    void start() {
        take(Follower.start(new Span(Key.of("a"), Key.of("m")), Limits.NONE));
    }

    @Nested
    class Reading {
        @Test
        void startsAtTheFirstKeyOfTheNewestRevision() {
            assertThat(command).isEqualTo(new Command.Read(1, Key.of("a"), 0, 1_000));
        }

        @Test
        void showsNothingBeforeTheLastPage() {
            page(10, true, item("a", "1", 3));

            assertThat(follower.known().items()).isNull();
        }

        @Test
        void goesOnBehindTheLastKeyAtTheRevisionOfTheFirstPage() {
            page(10, true, item("a", "1", 3), item("c", "1", 4));

            assertThat(command).isEqualTo(new Command.Read(2, Key.of("c\0"), 10, 8_000));
        }

        @Test
        void endsAtTheRevisionOfTheFirstPageAndFollowsFromTheNext() {
            page(10, true, item("a", "1", 3));
            page(12, false, item("b", "2", 9));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "2"));
            assertThat(follower.known().revision()).isEqualTo(10);
            assertThat(command).isEqualTo(new Command.Follow(3, 11, 10));
        }

        @Test
        void ofNoKeysIsKnownToBeEmpty() {
            page(10, false);

            assertThat(follower.known().items()).isNotNull();
            assertThat(shown()).isEmpty();
        }

        @Test
        void beginsAnewWhenAPageHasBeenCompactedAway() {
            page(10, true, item("a", "1", 3));
            event(new Event.Compacted(ticket()));
            rested();

            assertThat(command).isEqualTo(new Command.Read(4, Key.of("a"), 0, 1_000));
        }

        @Test
        void beginsAnewWhenAnotherClusterAnswersInTheMiddle() {
            page(10, true, item("a", "1", 3));
            event(new Event.Page(ticket(), new Origin(8, 10), List.of(), false));
            rested();

            assertThat(command).isInstanceOf(Command.Read.class);
            assertThat(follower.known().items()).isNull();
        }

        @Test
        void restsBeforeItIsTriedAgainAndLongerEachTime() {
            failed(CUT);
            assertThat(command).isEqualTo(new Command.Rest(2, 1, false));
            rested();
            failed(CUT);
            assertThat(command).isEqualTo(new Command.Rest(4, 2, false));
        }

        @Test
        void asksForAPageThatWasTooMuchAgainAtTheSameRevisionWithFewerKeys() {
            page(10, true, item("a", "1", 3), item("c", "1", 4));
            tooMuch();
            assertThat(command).isEqualTo(new Command.Read(3, Key.of("c\0"), 10, 1_000));
            assertThat(follower.known().trouble()).isEqualTo(TOO_MUCH);

            page(12, false, item("d", "2", 9));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "c", "1", "d", "2"));
        }

        @Test
        void restsWhenAPageOfOneKeyIsTooMuch() {
            for (int keys = 1_000; keys > 1; keys /= 8) {
                tooMuch();
            }
            assertThat(((Command.Read) command).keys()).isEqualTo(1);
            tooMuch();

            assertThat(command).isInstanceOf(Command.Rest.class);
            assertThat(follower.known().trouble()).isEqualTo(TOO_MUCH);
        }
    }

    @Nested
    class Opening {
        @BeforeEach
        void read() {
            page(10, false, item("a", "1", 3));
        }

        @Test
        void doesNotAdvanceTheResumePoint() {
            opened(10);
            failed(CUT);
            rested();

            assertThat(command).isEqualTo(new Command.Follow(4, 11, 10));
        }

        /** Old releases lose a removal at the revision that was compacted, if that is the first one asked for. */
        @Test
        void atALaterRevisionOpensAgainOneRevisionEarlierSoThatACompactionIsTold() {
            opened(15);
            assertThat(command).isEqualTo(new Command.Follow(3, 10, 10));
            assertThat(follower.known().revision()).isEqualTo(10);

            opened(15);
            updated(put("a", "2", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "2"));
            assertThat(follower.known().revision()).isEqualTo(12);
        }

        @Test
        void atALaterRevisionDoesNotAdvanceTheResumePointEither() {
            opened(15);
            opened(15);
            failed(CUT);
            rested();

            assertThat(command).isEqualTo(new Command.Follow(5, 11, 10));
        }

        @Test
        void ofAWatchThatIsRefusedRightAfterAReadThatWorksRestsLongerEachTime() {
            for (int attempt = 1; attempt <= 5; attempt++) {
                opened(10);
                event(new Event.Compacted(ticket()));
                assertThat(command)
                        .isInstanceOfSatisfying(
                                Command.Rest.class,
                                rest -> assertThat(rest.attempt()).isPositive());
                assertThat(((Command.Rest) command).attempt()).isEqualTo(attempt);
                rested();
                page(10, false, item("a", "1", 3));
            }
        }

        @Test
        void atAnEarlierRevisionIsConfirmedBeforeItIsBelieved() {
            opened(9);
            assertThat(command).isInstanceOf(Command.Confirm.class);

            event(new Event.Confirmed(ticket(), new Origin(CLUSTER, 12)));
            rested();

            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Follow.class,
                            follow -> assertThat(follow.revision()).isEqualTo(11));
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        @Test
        void atAnEarlierRevisionThatIsConfirmedStartsAnEpoch() {
            opened(4);
            event(new Event.Confirmed(ticket(), new Origin(CLUSTER, 4)));
            rested();
            page(4, false, item("b", "2", 2));

            assertThat(shown()).isEqualTo(Map.of("b", "2"));
            assertThat(follower.known().epoch()).isEqualTo(2);
            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Follow.class,
                            follow -> assertThat(follow.revision()).isEqualTo(5));
        }

        /** A backup was restored, and has been written to so much that its revision does not give it away. */
        @Test
        void byALogOfAnEarlierTermStartsAnEpochOnceConfirmed() {
            page(new Origin(CLUSTER, 11, 5), item("a", "1", 3));
            failed(CUT);
            rested();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), pulse));
            assertThat(command).isInstanceOf(Command.Confirm.class);
            event(new Event.Confirmed(ticket(), new Origin(CLUSTER, 20, 4)));
            rested();
            page(new Origin(CLUSTER, 20, 4), item("a", "2", 15));

            assertThat(follower.known().epoch()).isEqualTo(2);
            assertThat(shown()).isEqualTo(Map.of("a", "2"));
        }

        /** The term that probes have told while the watch was up counts as well. */
        @Test
        void byALogOfAnEarlierTermThanWasProvedStartsAnEpochOnceConfirmed() {
            proof = new Proof(0, Instant.EPOCH, 5);
            opened(10);
            failed(CUT);
            rested();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), pulse));
            assertThat(command).isInstanceOf(Command.Confirm.class);
            event(new Event.Confirmed(ticket(), new Origin(CLUSTER, 20, 4)));
            rested();
            page(new Origin(CLUSTER, 20, 4), item("a", "2", 15));
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), () -> null));

            assertThat(follower.known().epoch()).isEqualTo(2);
            assertThat(follower.watching()).as("the new store is believed").isPositive();
        }

        /** A member that was restarted does not know its term before the next entry. */
        @Test
        void byALogOfNoTermIsNotSuspicious() {
            proof = new Proof(0, Instant.EPOCH, 5);
            opened(10);
            failed(CUT);
            rested();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 10, 0), asked(), pulse));

            assertThat(follower.watching()).isPositive();
        }

        /** The same, if even the term does not. */
        @Test
        void andReadAnewWithAKeyThatHasGoneBackStartsAnEpoch() {
            event(new Event.Compacted(ticket()));
            rested();
            page(20, false, item("a", "0", 2));

            assertThat(follower.known().epoch()).isEqualTo(2);
            assertThat(shown()).isEqualTo(Map.of("a", "0"));
        }

        /** Such as the first write after an installation. */
        @Test
        void atAnotherClusterShowsItsKeysAlsoIfTheyHoldTheSameSinceTheSameRevision() {
            event(new Event.Opened(ticket(), new Origin(8, 100), asked(), pulse));
            event(new Event.Confirmed(ticket(), new Origin(8, 100)));
            rested();
            Item written = new Item("1".getBytes(StandardCharsets.UTF_8), 2, 3, 2, 0);
            event(new Event.Page(ticket(), new Origin(8, 100), List.of(Map.entry(Key.of("a"), written)), false));

            Item shown = follower.known().items().get(Key.of("a"));
            assertThat(shown.createRevision()).isEqualTo(2);
            assertThat(shown.version()).isEqualTo(2);
        }

        @Test
        void andReadAnewWithAKeyThatWasCreatedWhenWeKnewThatThereWasNoneStartsAnEpoch() {
            event(new Event.Compacted(ticket()));
            rested();
            page(20, false, item("a", "1", 3), Map.entry(Key.of("b"), counted("1", 9, 15, 2)));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void andReadAnewWithAKeyThatWasWrittenWhenWeKnewWhatItHeldStartsAnEpoch() {
            event(new Event.Compacted(ticket()));
            rested();
            page(20, false, Map.entry(Key.of("a"), counted("2", 3, 10, 2)));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        /** A write has one revision, so this is another write. */
        @Test
        void andReadAnewWithAKeyThatDiffersAtTheSameRevisionStartsAnEpoch() {
            event(new Event.Compacted(ticket()));
            rested();
            page(20, false, item("a", "0", 3));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void atAnotherClusterStartsAnEpochOnceConfirmed() {
            event(new Event.Opened(ticket(), new Origin(8, 100), asked(), pulse));
            event(new Event.Confirmed(ticket(), new Origin(8, 100)));
            rested();
            event(new Event.Page(ticket(), new Origin(8, 100), List.of(item("a", "1", 3)), false));

            assertThat(follower.known().epoch()).isEqualTo(2);
            assertThat(follower.known().origin()).isEqualTo(new Origin(8, 100));
        }
    }

    @Nested
    class Following {
        @BeforeEach
        void follow() {
            page(10, false, item("a", "1", 3), item("b", "1", 4));
            opened(10);
        }

        @Test
        void showsABatchAtOnce() {
            updated(put("a", "2", 11), put("c", "1", 11), delete("b", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "2", "c", "1"));
            assertThat(follower.known().revision()).isEqualTo(12);
            assertThat(command).isNull();
        }

        @Test
        void showsNothingOfARevisionBeforeItsLastFragment() {
            fragment(put("a", "2", 11));
            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1"));

            updated(put("b", "2", 11));
            assertThat(shown()).isEqualTo(Map.of("a", "2", "b", "2"));
        }

        @Test
        void resumesBehindTheLastWholeRevisionWhenCutAmongFragments() {
            updated(put("a", "2", 11));
            fragment(put("a", "3", 12));
            failed(CUT);
            rested();

            assertThat(shown()).containsEntry("a", "2");
            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Follow.class,
                            follow -> assertThat(follow.revision()).isEqualTo(12));
        }

        @Test
        void dropsEventsThatWereToldBefore() {
            updated(put("a", "2", 12));
            updated(put("a", "old", 11), delete("b", 10));

            assertThat(shown()).isEqualTo(Map.of("a", "2", "b", "1"));
            assertThat(follower.known().revision()).isEqualTo(12);
        }

        @Test
        void dropsEventsThatWereToldBeforeAmongNewOnes() {
            updated(put("a", "2", 12));
            updated(put("a", "old", 11), delete("b", 10), put("c", "1", 13));

            assertThat(shown()).isEqualTo(Map.of("a", "2", "b", "1", "c", "1"));
            assertThat(follower.known().revision()).isEqualTo(13);
        }

        /** So nobody looks for a difference where there is none. */
        @Test
        void keepsTheSameObjectIfOnlyWhatWasToldBeforeComes() {
            Known before = follower.known();
            updated(put("a", "1", 3), put("b", "1", 10));

            assertThat(follower.known().items()).isSameAs(before.items());
        }

        @Test
        void dropsEventsOutsideOfTheSpan() {
            updated(put("z", "1", 11));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1"));
        }

        @Test
        void appliesTwoChangesOfAKeyInOneResponseInTheirOrder() {
            updated(put("a", "2", 11), delete("a", 12), put("a", "3", 13));

            assertThat(shown()).containsEntry("a", "3");
        }

        @Test
        void tellsEmptyFromAbsent() {
            updated(put("a", "", 11), delete("b", 12));

            assertThat(shown()).isEqualTo(Map.of("a", ""));
        }

        @Test
        void keepsNoTombstone() {
            updated(delete("a", 11), delete("b", 12));

            assertThat(follower.known().items()).isNotNull();
            assertThat(follower.known().items().size()).isZero();
        }

        @Test
        void advancesTheResumePointByProgress() {
            event(new Event.Progressed(ticket(), 20));
            failed(CUT);
            rested();

            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Follow.class,
                            follow -> assertThat(follow.revision()).isEqualTo(21));
        }

        /** A stream that breaks behind it each time must still rest longer. */
        @Test
        void countsProgressToWhereItIsForNothing() {
            failed(CUT);
            rested();
            opened(10);
            event(new Event.Progressed(ticket(), 10));
            failed(CUT);

            assertThat(((Command.Rest) command).attempt()).isEqualTo(2);
        }

        @Test
        void isNotSetBackByProgress() {
            updated(put("a", "2", 15));
            event(new Event.Progressed(ticket(), 12));

            assertThat(follower.known().revision()).isEqualTo(15);
        }

        @Test
        void readsAgainAfterACompactionAndKeepsWhatIsStillTrue() {
            Tree<Item> before = follower.known().items();
            event(new Event.Compacted(ticket()));
            assertThat(shown()).as("until the new reading").isEqualTo(Map.of("a", "1", "b", "1"));
            rested();
            page(30, false, item("a", "1", 3), item("c", "9", 29));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "c", "9"));
            assertThat(follower.known().items().get(Key.of("a"))).isSameAs(before.get(Key.of("a")));
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        @Test
        void forgetsEarlierFailuresOnceAWatchHasSettled() {
            failed(CUT);
            rested();
            failed(CUT);
            rested();
            opened(10);
            now += Follower.SETTLED_NANOS;
            failed(CUT);

            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Rest.class,
                            rest -> assertThat(rest.attempt()).isEqualTo(1));
        }

        @Test
        void forgetsEarlierFailuresOnceAnEventHasCome() {
            failed(CUT);
            rested();
            opened(10);
            updated(put("a", "2", 11));
            failed(CUT);

            assertThat(((Command.Rest) command).attempt()).isEqualTo(1);
        }
    }

    @Nested
    class CatchingUp {
        @BeforeEach
        void resume() {
            page(10, false, item("a", "1", 10));
            opened(10);
            event(new Event.Lost(ticket(), CUT, 1));
        }

        @Test
        void asksForTheLastCompleteRevisionOnceMoreSoThatACompactionBehindItIsNoticed() {
            opened(12);

            assertThat(command).isEqualTo(new Command.Follow(4, 10, 10));
        }

        /** To read again would make a server slower that takes its time already; and it is the store that was read. */
        @Test
        void afterAReadingDemandsNothing() {
            event(new Event.Compacted(ticket()));
            rested();
            page(10, false, item("a", "1", 10));
            opened(12);
            opened(12);
            now += Follower.CATCH_UP_NANOS;
            event(new Event.Proved(ticket()));
            assertThat(command).isNull();
            updated(put("b", "1", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1"));
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        /**
         * A backup was restored that lacks our last revision, and has overtaken us before we met it. Neither the cluster's
         * id nor the revision nor the term tells: found by the fault campaign.
         */
        @Test
        void startsAnEpochIfTheLastCompleteRevisionWasAnotherWrite() {
            opened(12);
            opened(12);
            updated(put("b", "1", 10), put("c", "1", 12));

            assertThat(shown()).as("not mixed up with the other store").isEqualTo(Map.of("a", "1"));
            rested();
            assertThat(command).isInstanceOf(Command.Read.class);
            page(12, false, item("b", "1", 10), item("c", "1", 12));
            assertThat(shown()).isEqualTo(Map.of("b", "1", "c", "1"));
            assertThat(follower.known().epoch()).isEqualTo(2);
            opened(12);
            assertThat(follower.watching()).as("the new store is believed").isPositive();
        }

        @Test
        void startsAnEpochIfTheLastCompleteRevisionRemovedWhatWeHold() {
            opened(12);
            opened(12);
            updated(delete("a", 10));
            rested();
            page(12, false);

            assertThat(shown()).isEmpty();
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        /** In the other store that revision was about a key that both lack now. */
        @Test
        void startsAnEpochIfTheLastCompleteRevisionComesWithoutWhatWeHoldOfIt() {
            opened(12);
            opened(12);
            updated(delete("c", 10), put("b", "1", 12));
            rested();
            page(12, false, item("b", "1", 12));

            assertThat(shown()).isEqualTo(Map.of("b", "1"));
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void startsAnEpochIfTheWatchGoesOnBehindWhatWeHoldOfTheLastCompleteRevision() {
            opened(12);
            opened(12);
            updated(put("b", "1", 12));
            rested();
            page(12, false, item("b", "1", 12));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isNotProvedBeforeTheLastCompleteRevisionHasComeAgain() {
            opened(12);
            opened(12);
            proof = new Proof(now + Follower.CATCH_UP_NANOS, Instant.EPOCH);
            assertThat(follower.known().standing().proof()).isNull();

            updated(put("a", "1", 10));
            assertThat(follower.known().standing().proof()).isEqualTo(proof);
        }

        /** The client had heard from another watch that the store was ahead, and then a member answers that is not. */
        @Test
        void isNotProvedBeforeThatAlsoIfTheMemberThatAcceptsTheWatchIsNotAhead() {
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 10), 10, pulse));
            proof = new Proof(now + Follower.CATCH_UP_NANOS, Instant.EPOCH);
            assertThat(follower.known().standing().proof()).isNull();

            updated(put("a", "1", 10));
            assertThat(follower.known().standing().proof()).isEqualTo(proof);
        }

        /** For ever, if the store lacks it and nothing is written. */
        @Test
        void readsAgainIfTheLastCompleteRevisionDoesNotCome() {
            opened(12);
            opened(12);
            event(new Event.Proved(ticket()));
            assertThat(command).as("it may still be on its way").isNull();
            now += Follower.CATCH_UP_NANOS;
            event(new Event.Proved(ticket()));
            rested();
            assertThat(command).isInstanceOf(Command.Read.class);
            page(12, false);

            assertThat(shown()).isEmpty();
        }

        @Test
        void readsAgainIfItIsSaidToBeInStepBeforeTheLastCompleteRevisionHasCome() {
            opened(12);
            opened(12);
            event(new Event.Progressed(ticket(), 12));
            rested();

            assertThat(command).isInstanceOf(Command.Read.class);
            assertThat(follower.known().revision()).isEqualTo(10);
        }

        @Test
        void restsLongerEachTimeIfOnlyWhatWasToldBeforeComes() {
            opened(12);
            opened(12);
            failed(CUT);
            rested();
            opened(12);
            opened(12);
            updated(put("a", "1", 10));
            failed(CUT);

            assertThat(((Command.Rest) command).attempt()).isEqualTo(2);
        }
    }

    /** What a single key holds can be asked for once more whenever a watch breaks, however long ago it was written. */
    @Nested
    class AKeyThatIsResumed {
        @BeforeEach
        void follow() {
            running = 0;
            take(Follower.start(Span.of(Key.of("a")), Limits.NONE));
            page(10, false, item("a", "1", 3));
            opened(10);
            event(new Event.Lost(ticket(), CUT, 1));
            assertThat(command).isEqualTo(new Command.Follow(3, 11, 3));
            opened(15);
        }

        @Test
        void isAskedForFromItsLastWriteOnIfTheStoreIsAhead() {
            assertThat(command).isEqualTo(new Command.Follow(4, 3, 3));
        }

        @Test
        void isBelievedIfThatComesFirst() {
            opened(15);
            updated(put("a", "1", 3), put("a", "2", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "2"));
            assertThat(follower.known().revision()).isEqualTo(12);
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        @Test
        void isOfAnotherStoreIfItWasWrittenSinceThenWithoutOurKnowing() {
            opened(15);
            updated(put("a", "1", 3), put("a", "2", 8));
            rested();
            page(15, false, item("a", "2", 8));

            assertThat(shown()).isEqualTo(Map.of("a", "2"));
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isReadIfThatHasBeenCompactedAndThenAskedForFromTheReadingOn() {
            event(new Event.Compacted(ticket()));
            rested();
            page(15, false, item("a", "1", 3));
            opened(17);

            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Follow.class,
                            follow -> assertThat(follow.revision())
                                    .as("else it might be compacted each time")
                                    .isEqualTo(15));
        }
    }

    /** etcd counts the writes of a key since it was created; so what is left out is found when the key is written next. */
    @Nested
    class AGap {
        @BeforeEach
        void follow() {
            page(10, false, item("a", "1", 3), item("b", "1", 4));
            opened(10);
        }

        @Test
        void ofAPutIsFoundAtTheNextPut() {
            tell(new Change(Key.of("a"), 12, counted("3", 3, 12, 3)));

            assertRead();
        }

        @Test
        void ofARemovalIsFoundWhenTheKeyIsCreatedAgain() {
            tell(put("a", "2", 12));

            assertRead();
        }

        @Test
        void ofACreationIsFoundAtTheNextPutOrRemoval() {
            tell(new Change(Key.of("c"), 12, counted("2", 11, 12, 2)));
            assertRead();
        }

        @Test
        void ofACreationIsFoundAtTheRemoval() {
            tell(delete("c", 12));
            assertRead();
        }

        @Test
        void ofARemovalAndACreationIsFoundAtTheNextPut() {
            tell(new Change(Key.of("a"), 12, counted("2", 11, 12, 2)));
            assertRead();
        }

        /** Nothing tells that the store is another one: it is the watch that was not told everything. */
        @Test
        void isClosedWithinTheEpochAlsoIfTheReadingFailsAtFirst() {
            tell(put("a", "2", 12));
            rested();
            failed(CUT);
            rested();
            page(12, false, item("a", "2", 12), item("c", "1", 9));

            assertThat(shown()).isEqualTo(Map.of("a", "2", "c", "1"));
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        private void tell(Change change) {
            event(new Event.Updated(ticket(), List.of(change), false));
        }

        private void assertRead() {
            assertThat(shown()).as("until it is read").isEqualTo(Map.of("a", "1", "b", "1"));
            assertThat(follower.known().trouble().message()).contains("left out a change before revision 12");
            rested();
            assertThat(command).isInstanceOf(Command.Read.class);
        }
    }

    /** Found by another feed, or by a probe. */
    @Nested
    class AStoreThatWasReplaced {
        @Test
        void isReadAnewInAnEpochOfItsOwn() {
            page(10, false, item("a", "1", 3));
            opened(10);
            take(follower.replaced());
            assertThat(command).isInstanceOf(Command.Read.class);
            assertThat(shown()).as("until then").isEqualTo(Map.of("a", "1"));
            page(20, false, item("a", "1", 3), item("b", "1", 15));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1"));
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isNotReadBeforeTheRest() {
            page(10, false, item("a", "1", 3));
            failed(CUT);
            take(follower.replaced());
            assertThat(command).isNull();
            rested();
            assertThat(command).isInstanceOf(Command.Read.class);
            page(20, false, item("a", "1", 3));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isReadFromTheFirstKeyAgainIfSomeWereReadOfTheOther() {
            page(10, true, item("a", "1", 3));
            take(follower.replaced());
            page(20, false, item("b", "1", 15));

            assertThat(shown()).isEqualTo(Map.of("b", "1"));
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        @Test
        void isFoundOnceByAFeed() {
            page(10, false, item("a", "1", 10));
            opened(12);
            opened(12);
            Known before = follower.known();
            updated(delete("a", 10));
            Known marked = follower.known();
            assertThat(marked.tellsOfAnotherStore(before)).isTrue();
            rested();
            page(12, false);

            assertThat(follower.known().tellsOfAnotherStore(marked)).isFalse();
        }

        @Test
        void isFoundByAReadingToo() {
            page(10, false, item("a", "1", 10));
            event(new Event.Compacted(ticket()));
            rested();
            Known before = follower.known();
            page(12, false, item("a", "0", 9));

            assertThat(follower.known().tellsOfAnotherStore(before)).isTrue();
        }
    }

    @Nested
    class Troubles {
        @Test
        void areShownUntilTheNextAnswer() {
            failed(CUT);
            assertThat(follower.known().trouble()).isEqualTo(CUT);
            rested();
            page(10, false);
            assertThat(follower.known().trouble()).isNull();
        }

        @Test
        void areToldAsRefusalsOnlyIfPermanent() {
            failed(CUT);
            assertThat(follower.known().refusal()).isNull();
            rested();
            failed(DENIED);
            assertThat(follower.known().refusal()).isEqualTo(DENIED);
        }

        @Test
        void doNotEndTheAttempts() {
            failed(DENIED);
            rested();

            assertThat(command).isInstanceOf(Command.Read.class);
        }

        @Test
        void ofAWatchPassWhenItIsAccepted() {
            page(10, false);
            failed(DENIED);
            rested();
            opened(10);

            assertThat(follower.known().trouble()).isNull();
        }

        @Test
        void leaveTheLastStateStanding() {
            page(10, false, item("a", "1", 3));
            opened(10);
            failed(CUT);

            assertThat(shown()).isEqualTo(Map.of("a", "1"));
        }
    }

    /** Each key counts its own bytes, those of its value, and 200. */
    @Nested
    class ASpanWithLimits {
        private void limited(int keys, long bytes) {
            running = 0;
            take(Follower.start(new Span(Key.of("a"), Key.of("m")), new Limits(keys, bytes, Integer.MAX_VALUE)));
        }

        @Test
        void isKnownIfItHasAsManyKeysAndBytesAsAllowed() {
            limited(2, 2 * 202);
            page(10, false, item("a", "1", 3), item("b", "1", 4));

            assertThat(shown()).containsOnlyKeys("a", "b");
            assertThat(follower.known().refusal()).isNull();
        }

        @Test
        void isRefusedWhenItHasMoreKeysThanAllowed() {
            limited(2, 10_000);
            page(10, true, item("a", "1", 3), item("b", "1", 4));
            page(10, true, item("c", "1", 5));

            assertThat(follower.known().items()).isNull();
            assertThat(follower.known().refusal().kind()).isEqualTo(Trouble.Kind.TOO_LARGE);
            assertThat(follower.known().refusal().message()).contains("2 keys", "maxKeys", "from a to m");
            assertThat(command).as("and no page more is read").isEqualTo(new Command.Rest(3, 1, true));
        }

        @Test
        void isRefusedWhenItHasMoreBytesThanAllowed() {
            limited(2, 403);
            page(10, true, item("a", "1", 3));
            page(10, false, item("b", "1", 4));

            assertThat(follower.known().refusal().message()).contains("403 bytes", "maxBytes");
        }

        @Test
        void isReadAgainAfterLongerAndLongerRests() {
            limited(1, 10_000);
            for (int attempt = 1; attempt <= 3; attempt++) {
                page(10, false, item("a", "1", 3), item("b", "1", 4));
                assertThat(command).isEqualTo(new Command.Rest(ticket(), attempt, true));
                rested();
                assertThat(command).isEqualTo(new Command.Read(ticket(), Key.of("a"), 0, Pages.FIRST));
            }
            page(11, false, item("a", "1", 3));

            assertThat(shown()).isEqualTo(Map.of("a", "1"));
            assertThat(follower.known().refusal()).isNull();
        }

        @Test
        void isRefusedWhenAWatchBringsMoreKeysThanAllowedAndKeepsWhatWasKnown() {
            limited(1, 10_000);
            page(10, false, item("a", "1", 3));
            opened(10);
            updated(put("b", "1", 11));

            assertThat(shown()).isEqualTo(Map.of("a", "1"));
            assertThat(follower.known().refusal().message()).contains("1 keys");
            assertThat(command).isEqualTo(new Command.Rest(3, 1, true));
        }

        @Test
        void isRefusedWhenAWatchBringsMoreBytesThanAllowed() {
            limited(10, 405);
            page(10, false, item("a", "1", 3));
            opened(10);
            updated(put("b", "12", 11));
            assertThat(follower.known().refusal()).isNull();
            updated(put("b", "123", 12), put("a", "22", 12));

            assertThat(follower.known().refusal().message()).contains("405 bytes");
        }

        @Test
        void countsOnlyWhatThereIsNow() {
            limited(10, 405);
            page(10, false, item("a", "1", 3), item("b", "1", 4));
            opened(10);
            for (int revision = 11; revision < 100; revision += 3) {
                updated(put("a", "12", revision), put("b", "1", revision));
                updated(delete("a", revision + 1));
                updated(put("c", "1", revision + 2), delete("c", revision + 2), put("a", "1", revision + 2));
            }

            assertThat(follower.known().refusal()).isNull();
            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1"));
        }

        @Test
        void isCountedAnewWhenItIsReadAnew() {
            limited(10, 404);
            page(10, false, item("a", "1", 3), item("b", "1", 4));
            event(new Event.Compacted(ticket()));
            rested();
            page(20, true, item("a", "1", 3));
            page(20, false, item("c", "1", 4));

            assertThat(follower.known().refusal()).isNull();
            assertThat(shown()).containsOnlyKeys("a", "c");
        }
    }

    @Nested
    class LateEvents {
        @Test
        void ofAReplacedCommandAreIgnored() {
            long late = ticket();
            failed(CUT);
            Follower before = follower;

            event(new Event.Page(late, new Origin(CLUSTER, 99), List.of(item("a", "late", 98)), false));

            assertThat(follower).isSameAs(before);
        }
    }

    // ---- driving

    /** The newest proof of the connection. */
    private @Nullable Proof proof;

    private final Pulse pulse = () -> proof;

    private void take(Follower.Step step) {
        follower = step.next();
        command = step.command();
        if (command != null) {
            assertThat(command.ticket()).as("no answer is taken for another's").isGreaterThan(running);
            running = command.ticket();
        }
    }

    private long running;

    private long ticket() {
        return running;
    }

    private void event(Event event) {
        take(follower.step(event, now));
    }

    @SafeVarargs
    private void page(long revision, boolean more, Map.Entry<Key, Item>... items) {
        List<Map.Entry<Key, Item>> page = new ArrayList<>();
        for (Map.Entry<Key, Item> item : items) {
            page.add(item);
        }
        event(new Event.Page(ticket(), new Origin(CLUSTER, revision), page, more));
    }

    private void page(Origin origin, Map.Entry<Key, Item> item) {
        if (command instanceof Command.Read) {
            event(new Event.Page(ticket(), origin, List.of(item), false));
        } else {
            event(new Event.Compacted(ticket()));
            rested();
            page(origin, item);
        }
    }

    private void opened(long revision) {
        event(new Event.Opened(ticket(), new Origin(CLUSTER, revision), asked(), pulse));
    }

    /** Where the server was asked to begin, not knowing how far it has come. */
    private long asked() {
        return command instanceof Command.Follow follow ? follow.revision() : 0;
    }

    private void updated(Change... changes) {
        event(new Event.Updated(ticket(), continuing(follower.known(), changes), false));
    }

    private void fragment(Change... changes) {
        event(new Event.Updated(ticket(), continuing(follower.known(), changes), true));
    }

    private void failed(Trouble trouble) {
        event(new Event.Failed(ticket(), trouble));
    }

    private void tooMuch() {
        event(new Event.Oversized(ticket(), TOO_MUCH));
    }

    private void rested() {
        event(new Event.Rested(ticket()));
    }

    private Map<String, String> shown() {
        return known(follower.known());
    }

    static Map<String, String> known(Known known) {
        assertThat(known.items()).as("what is known").isNotNull();
        Map<String, String> shown = new TreeMap<>();
        known.items().forEach((key, item) -> shown.put(key.toString(), text(item)));
        return shown;
    }

    static String text(Item item) {
        return new String(item.value(), StandardCharsets.UTF_8);
    }

    static Map.Entry<Key, Item> item(String key, String value, long revision) {
        return Map.entry(Key.of(key), new Item(value.getBytes(StandardCharsets.UTF_8), revision, revision, 1, 0));
    }

    static Item counted(String value, long created, long revision, long version) {
        return new Item(value.getBytes(StandardCharsets.UTF_8), created, revision, version, 0);
    }

    static Change put(String key, String value, long revision) {
        return new Change(Key.of(key), revision, item(key, value, revision).getValue());
    }

    /** Changes as etcd tells them: each put counts on from what the key holds. */
    static List<Change> continuing(Known known, Change... changes) {
        Tree<Item> items = known.items();
        List<Change> told = new ArrayList<>();
        for (Change change : changes) {
            Item put = change.item();
            Item held = items == null ? null : items.get(change.key());
            boolean next = put != null && held != null && change.revision() > held.modRevision();
            Item counted =
                    next ? new Item(put.value(), held.createRevision(), change.revision(), held.version() + 1, 0) : put;
            told.add(new Change(change.key(), change.revision(), counted));
            if (items != null && change.revision() > known.revision()) {
                items = counted == null ? items.remove(change.key()) : items.put(change.key(), counted);
            }
        }
        return told;
    }

    static Change delete(String key, long revision) {
        return new Change(Key.of(key), revision, null);
    }
}
