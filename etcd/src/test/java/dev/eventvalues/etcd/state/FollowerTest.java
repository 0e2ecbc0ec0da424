package dev.eventvalues.etcd.state;

import static dev.eventvalues.etcd.state.Told.counted;
import static dev.eventvalues.etcd.state.Told.delete;
import static dev.eventvalues.etcd.state.Told.item;
import static dev.eventvalues.etcd.state.Told.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The protocol, one sentence a test. {@code docs/etcd-protocol.md} draws the states and names many of them. */
class FollowerTest extends FollowerSteps {
    private static final Trouble TOO_MUCH = new Trouble(Trouble.Kind.UNREACHABLE, "a page of a gigabyte");
    private static final Trouble DENIED = new Trouble(Trouble.Kind.ACCESS_DENIED, "denied");

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
            event(new Event.Page(ticket(), new Origin(8, 10), List.of(), false, 1));
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
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(5, 11, 10));
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
            heldAsKnown();

            assertThat(command).isEqualTo(new Command.Follow(6, 11, 10));
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
            heldAsKnown();

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
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), pulse, 1));
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
            heldAsKnown();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), pulse, 1));
            assertThat(command).isInstanceOf(Command.Confirm.class);
            event(new Event.Confirmed(ticket(), new Origin(CLUSTER, 20, 4)));
            rested();
            page(new Origin(CLUSTER, 20, 4), item("a", "2", 15));
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 20, 4), asked(), () -> null, 1));

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
            heldAsKnown();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 10, 0), asked(), pulse, 1));

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
            event(new Event.Opened(ticket(), new Origin(8, 100), asked(), pulse, 1));
            event(new Event.Confirmed(ticket(), new Origin(8, 100)));
            rested();
            Item written = new Item("1".getBytes(StandardCharsets.UTF_8), 2, 3, 2, 0);
            event(new Event.Page(ticket(), new Origin(8, 100), List.of(Map.entry(Key.of("a"), written)), false, 1));

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
            event(new Event.Opened(ticket(), new Origin(8, 100), asked(), pulse, 1));
            event(new Event.Confirmed(ticket(), new Origin(8, 100)));
            rested();
            event(new Event.Page(ticket(), new Origin(8, 100), List.of(item("a", "1", 3)), false, 1));

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
            heldAsKnown();

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
            heldAsKnown();

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
            heldAsKnown();
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
            heldAsKnown();
            failed(CUT);
            rested();
            heldAsKnown();
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
            heldAsKnown();
            opened(10);
            updated(put("a", "2", 11));
            failed(CUT);

            assertThat(((Command.Rest) command).attempt()).isEqualTo(1);
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
            failed(CUT);
            rested();
            heldAsKnown();
            assertThat(follower.known().trouble()).isEqualTo(CUT);
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
            start(new Span(Key.of("a"), Key.of("m")), new Limits(keys, bytes, Integer.MAX_VALUE));
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

            event(new Event.Page(late, new Origin(CLUSTER, 99), List.of(item("a", "late", 98)), false, 1));

            assertThat(follower).isSameAs(before);
        }
    }

    private void tooMuch() {
        event(new Event.Oversized(ticket(), TOO_MUCH));
    }
}
