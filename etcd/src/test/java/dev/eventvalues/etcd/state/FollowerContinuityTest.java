package dev.eventvalues.etcd.state;

import static dev.eventvalues.etcd.state.Told.counted;
import static dev.eventvalues.etcd.state.Told.delete;
import static dev.eventvalues.etcd.state.Told.item;
import static dev.eventvalues.etcd.state.Told.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What comes from a store must continue what is known; else something was missed, or it is another store. */
class FollowerContinuityTest extends FollowerSteps {
    /** What is more than a page is not read again whenever a watch breaks: what it held last has to come again. */
    @Nested
    class ALargeRangeThatIsResumed {
        @BeforeEach
        void resume() {
            start(new Span(Key.of("a"), Key.of("m")), new Limits(10, 10_000, 1));
            page(10, false, item("a", "1", 10), item("l", "1", 3));
            opened(10);
            event(new Event.Lost(ticket(), CUT, 1));
        }

        @Test
        void asksForTheLastCompleteRevisionOnceMoreSoThatACompactionBehindItIsNoticed() {
            opened(12);

            assertThat(command).isEqualTo(new Command.Follow(4, 10, 10));
        }

        /** A backup was restored, and has been written to until it came just as far: found by the fault campaign. */
        @Test
        void asksForItAlsoIfTheStoreHasComeNoFurther() {
            opened(10);

            assertThat(command).isEqualTo(new Command.Follow(4, 10, 10));
        }

        /** To read again would make a server slower that takes its time already; and it is the store that was read. */
        @Test
        void afterAReadingDemandsNothing() {
            event(new Event.Compacted(ticket()));
            rested();
            page(10, false, item("a", "1", 10), item("l", "1", 3));
            opened(12);
            opened(12);
            now += Follower.CATCH_UP_NANOS;
            event(new Event.Proved(ticket()));
            assertThat(command).isNull();
            updated(put("b", "1", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "b", "1", "l", "1"));
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

            assertThat(shown()).as("not mixed up with the other store").isEqualTo(Map.of("a", "1", "l", "1"));
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
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 10), 10, pulse, 1));
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

    /**
     * A watch has broken. The store may have been replaced since, by an earlier state of itself that has come as far again;
     * what has happened to it then shows in no revision and no term.
     */
    @Nested
    class WhatIsKnownOfAPage {
        @BeforeEach
        void loseTheWatch() {
            page(10, false, item("a", "1", 3), item("b", "1", 10));
            opened(10);
            event(new Event.Lost(ticket(), CUT, 1));
        }

        @Test
        void isReadAgainAtItsOwnRevision() {
            assertThat(command).isEqualTo(new Command.Read(3, Key.of("a"), 10, Pages.FIRST));
        }

        @Test
        void isFollowedFromThereIfItIsHeld() {
            Known before = follower.known();
            heldAsKnown();
            assertThat(command).isEqualTo(new Command.Follow(4, 11, 10));
            opened(10);

            assertThat(follower.watching()).isPositive();
            assertThat(follower.known().items()).as("nobody is told anything").isEqualTo(before.items());
            assertThat(follower.known().epoch()).isEqualTo(1);
        }

        /** The store had come exactly as far, by another write: found by the fault campaign, schedule 858. */
        @Test
        void isOfAnotherStoreIfAnotherKeyWasWrittenAtThatRevision() {
            page(10, false, item("a", "1", 3), item("c", "2", 10));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "c", "2"));
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isOfAnotherStoreIfAKeyIsNotHeldThere() {
            page(10, false, item("a", "1", 3));

            assertThat(shown()).isEqualTo(Map.of("a", "1"));
            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        /** We had been told that it was removed, and the backup was from before that. */
        @Test
        void isOfAnotherStoreIfAKeyIsHeldThatWasKnownToBeAbsent() {
            page(10, false, item("a", "1", 3), item("b", "1", 10), item("c", "1", 4));

            assertThat(follower.known().epoch()).isEqualTo(2);
        }

        @Test
        void isOfAnotherStoreIfThatHasNotComeSoFar() {
            event(new Event.Ahead(ticket()));
            assertThat(shown()).as("until it is read").isEqualTo(Map.of("a", "1", "b", "1"));
            rested();
            assertThat(command).isEqualTo(new Command.Read(5, Key.of("a"), 0, Pages.FIRST));
            page(12, false, item("a", "1", 3), item("c", "1", 12));

            assertThat(shown()).isEqualTo(Map.of("a", "1", "c", "1"));
            assertThat(follower.known().epoch())
                    .as("though it has overtaken us by now")
                    .isEqualTo(2);
        }

        @Test
        void isReadAtTheNewestIfThatRevisionHasBeenCompacted() {
            event(new Event.Compacted(ticket()));
            rested();

            assertThat(command).isEqualTo(new Command.Read(5, Key.of("a"), 0, Pages.FIRST));
        }

        @Test
        void isReadThereAgainIfTheReadingFails() {
            failed(CUT);
            rested();

            assertThat(command).isEqualTo(new Command.Read(5, Key.of("a"), 10, Pages.FIRST));
        }

        /** Between the two, there may have been an outage. */
        @Test
        void isReadOnceMoreIfItIsWatchedInAnotherSession() {
            heldAsKnown();
            event(new Event.Opened(ticket(), new Origin(CLUSTER, 10), 11, pulse, 2));
            assertThat(follower.watching()).isNegative();

            assertThat(command).isEqualTo(new Command.Read(5, Key.of("a"), 10, Pages.FIRST));
        }

        @Test
        void isOfTheSameStoreAlsoIfTheWatchLeavesOutAChangeLater() {
            heldAsKnown();
            opened(10);
            event(new Event.Updated(ticket(), List.of(put("a", "2", 12)), false));
            rested();
            page(12, false, item("a", "2", 12), item("b", "1", 10));

            assertThat(follower.known().epoch())
                    .as("the store was known to be the same")
                    .isEqualTo(1);
        }
    }

    /** Between two pages there may have been an outage, too. */
    @Test
    void pagesOfTwoSessionsAreNotTakenForOneReading() {
        page(10, true, item("a", "1", 3));
        event(new Event.Page(ticket(), new Origin(CLUSTER, 12), List.of(item("b", "1", 4)), false, 2));
        assertThat(follower.known().items()).isNull();
        rested();

        assertThat(command).isEqualTo(new Command.Read(4, Key.of("a"), 0, Pages.FIRST));
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
}
