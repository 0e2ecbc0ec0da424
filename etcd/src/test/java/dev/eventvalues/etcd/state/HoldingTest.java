package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.state.HoldCommand.Grant;
import dev.eventvalues.etcd.state.HoldCommand.Renew;
import dev.eventvalues.etcd.state.HoldCommand.Rest;
import dev.eventvalues.etcd.state.HoldCommand.Revoke;
import dev.eventvalues.etcd.state.HoldCommand.Take;
import dev.eventvalues.etcd.state.HoldStatus.Closed;
import dev.eventvalues.etcd.state.HoldStatus.Closing;
import dev.eventvalues.etcd.state.HoldStatus.Held;
import dev.eventvalues.etcd.state.HoldStatus.Lost;
import dev.eventvalues.etcd.state.HoldStatus.Refused;
import dev.eventvalues.etcd.state.HoldStatus.Undecided;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The protocol of holding a key, sentence by sentence. */
class HoldingTest {
    private static final long TTL = Duration.ofSeconds(3).toNanos();
    private static final long CLOSE = Duration.ofSeconds(5).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Moment START = new Moment(-2 * SECOND, Instant.ofEpochSecond(1_000));
    private static final Trouble CUT = new Trouble(Trouble.Kind.UNREACHABLE, "cut");
    private static final Trouble DENIED = new Trouble(Trouble.Kind.ACCESS_DENIED, "denied");
    private static final long LEASE = 77;

    private Moment now = START;
    private Holding machine;
    private List<HoldCommand> commands;

    HoldingTest() {
        become(Holding.start(TTL, CLOSE, now));
    }

    private void become(Holding.Step step) {
        machine = step.next();
        commands = step.commands();
    }

    private void on(HoldEvent event) {
        become(machine.step(event, now));
    }

    private void pass(long nanos) {
        now = now.plus(nanos);
    }

    private <C extends HoldCommand> C command(Class<C> kind) {
        return commands.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " in " + commands));
    }

    private HoldStatus status() {
        return machine.status();
    }

    private String reason() {
        return ((Lost) status()).reason();
    }

    private static Item item(long modRevision, long lease) {
        return new Item(new byte[0], modRevision, modRevision, 1, lease);
    }

    private void see(long revision, @Nullable Item item) {
        on(new HoldEvent.Seen(1, revision, item));
    }

    private void grant(long lease) {
        on(new HoldEvent.Granted(command(Grant.class).ticket(), lease));
    }

    private void take(long revision) {
        on(new HoldEvent.Taken(command(Take.class).ticket(), revision));
    }

    private void find(Item found) {
        on(new HoldEvent.Occupied(command(Take.class).ticket(), found));
    }

    private void rest() {
        on(new HoldEvent.Rested(command(Rest.class).ticket()));
    }

    private void renewed() {
        Renew renew = command(Renew.class);
        on(new HoldEvent.Renewed(renew.lease(), renew.sent()));
    }

    private void due() {
        now = machine.due();
        on(new HoldEvent.Due());
    }

    /** Held by lease 77, taken by revision 10, asked for at the start. */
    private void hold() {
        grant(LEASE);
        take(10);
        assertThat(status()).isInstanceOf(Held.class);
    }

    private void loseToSilence() {
        due(); // the renewal, which is not answered
        due();
        due();
        assertThat(status()).isInstanceOf(Lost.class);
    }

    @Nested
    class GettingIt {
        @Test
        void asksForALeaseThenTakesTheKeyUnderIt() {
            assertThat(commands).containsExactly(new Grant(1));
            grant(LEASE);
            assertThat(commands).containsExactly(new Take(2, LEASE));
            assertThat(status()).isEqualTo(new Undecided());
            take(10);
            assertThat(commands).isEmpty();
            assertThat(((Held) status()).revision()).isEqualTo(10);
        }

        @Test
        void countsTheTimeToLiveFromWhenTheLeaseWasAskedFor() {
            pass(SECOND);
            grant(LEASE);
            pass(SECOND);
            take(10);
            assertThat(((Held) status()).until()).isEqualTo(START.plus(TTL));
        }

        @Test
        void isNotBelievedIfTheAnswerComesAfterTheTimeToLive() {
            grant(LEASE);
            pass(TTL);
            take(10);
            assertThat(status()).isEqualTo(new Undecided());
            renewed();
            find(item(10, LEASE));
            assertThat(((Held) status()).until()).isEqualTo(now.plus(TTL));
        }

        @Test
        void waitsUntilAKeyThatIsTakenIsFreeWithoutALease() {
            grant(LEASE);
            find(item(8, 5));
            assertThat(reason()).isEqualTo("taken by another, at revision 8");
            assertThat(commands).containsExactly(new Revoke(0, LEASE));
            see(8, item(8, 5));
            assertThat(commands).isEmpty();
            pass(Holding.SETTLED_NANOS);
            see(12, null);
            grant(78);
            take(13);
            assertThat(((Held) status()).revision()).isEqualTo(13);
        }

        @Test
        void doesNotTakeOldNewsOfAnAbsentKeyForNewOnes() {
            grant(LEASE);
            find(item(8, 5));
            see(7, null);
            assertThat(commands).isEmpty();
            see(9, null);
            assertThat(commands).isNotEmpty();
        }

        @Test
        void knowsThatTheKeyIsFreeIfItWasToldBeforeItWasAnswered() {
            grant(LEASE);
            long ticket = command(Take.class).ticket();
            see(9, null);
            on(new HoldEvent.Occupied(ticket, item(8, 5)));
            rest();
            assertThat(command(Grant.class)).isNotNull();
        }

        @Test
        void restsBeforeAnotherAttemptSoonAfterOne() {
            grant(LEASE);
            find(item(8, 5));
            see(9, null);
            assertThat(command(Rest.class).attempt()).isEqualTo(1);
            rest();
            grant(78);
            find(item(10, 5));
            see(11, null);
            assertThat(command(Rest.class).attempt()).isEqualTo(2);
        }

        @Test
        void doesNotTryAfterTheRestIfSomebodyElseWasQuicker() {
            grant(LEASE);
            find(item(8, 5));
            see(9, null);
            Rest rest = command(Rest.class);
            see(10, item(10, 6));
            on(new HoldEvent.Rested(rest.ticket()));
            assertThat(commands).isEmpty();
            assertThat(reason()).isEqualTo("taken by another, at revision 10");
            see(11, null);
            assertThat(commands).isNotEmpty();
        }
    }

    @Nested
    class WithoutAnAnswer {
        @Test
        void toTheTransactionItIsSentAgainOnceTheLeaseIsKnownToBeThereAndFindsItsOwnKey() {
            grant(LEASE);
            on(new HoldEvent.Failed(command(Take.class).ticket(), CUT));
            assertThat(reason()).isEqualTo("cut");
            rest();
            renewed();
            assertThat(command(Take.class).lease()).isEqualTo(LEASE);
            find(item(10, LEASE));
            assertThat(((Held) status()).revision()).isEqualTo(10);
        }

        @Test
        void toTheTransactionItIsFoundOutThatAnotherHasTheKey() {
            grant(LEASE);
            on(new HoldEvent.Failed(command(Take.class).ticket(), CUT));
            rest();
            renewed();
            find(item(9, 5));
            assertThat(reason()).contains("taken by another");
            assertThat(command(Revoke.class)).isEqualTo(new Revoke(0, LEASE));
        }

        @Test
        void toTheTransactionAndTheLeaseIsGoneItBeginsAnew() {
            grant(LEASE);
            on(new HoldEvent.Failed(command(Take.class).ticket(), CUT));
            rest();
            on(new HoldEvent.Gone(LEASE));
            assertThat(commands).contains(new Revoke(0, LEASE));
            rest();
            grant(78);
            take(12);
            assertThat(((Held) status()).revision()).isEqualTo(12);
        }

        @Test
        void toTheRequestForALeaseItIsAskedForAgain() {
            on(new HoldEvent.Failed(command(Grant.class).ticket(), CUT));
            assertThat(reason()).isEqualTo("cut");
            rest();
            grant(LEASE);
            take(10);
            assertThat(status()).isInstanceOf(Held.class);
        }
    }

    @Nested
    class ARefusal {
        @Test
        void ofTheFirstAttemptIsTheEnd() {
            on(new HoldEvent.Failed(command(Grant.class).ticket(), DENIED));
            assertThat(status()).isEqualTo(new Refused(DENIED));
            assertThat(machine.hasEnded()).isTrue();
        }

        @Test
        void ofTheFirstTransactionIsTheEndAndTheLeaseIsRevoked() {
            grant(LEASE);
            on(new HoldEvent.Failed(command(Take.class).ticket(), DENIED));
            assertThat(status()).isEqualTo(new Refused(DENIED));
            assertThat(commands).containsExactly(new Revoke(0, LEASE));
        }

        @Test
        void laterIsToldAndTriedAgain() {
            grant(LEASE);
            find(item(8, 5));
            pass(Holding.SETTLED_NANOS);
            see(9, null);
            on(new HoldEvent.Failed(command(Grant.class).ticket(), DENIED));
            assertThat(reason()).isEqualTo("denied");
            rest();
            grant(78);
            take(10);
            assertThat(status()).isInstanceOf(Held.class);
        }
    }

    @Nested
    class KeepingIt {
        @Test
        void renewsTheLeaseEveryThirdOfItsTimeToLive() {
            hold();
            for (int i = 1; i <= 5; i++) {
                due();
                assertThat(now).isEqualTo(START.plus(i * TTL / 3));
                assertThat(commands).containsExactly(new Renew(LEASE, now));
                Moment sent = now;
                pass(SECOND / 10);
                renewed();
                assertThat(((Held) status()).until()).isEqualTo(sent.plus(TTL));
            }
        }

        @Test
        void asksAgainAfterAThirdIfThereIsNoAnswer() {
            hold();
            due();
            Renew first = command(Renew.class);
            due();
            assertThat(commands).containsExactly(new Renew(LEASE, START.plus(2 * TTL / 3)));
            on(new HoldEvent.Renewed(LEASE, first.sent()));
            assertThat(((Held) status()).until()).isEqualTo(first.sent().plus(TTL));
        }

        @Test
        void asksAgainAfterARestIfThatFailed() {
            hold();
            due();
            on(new HoldEvent.NotRenewed(LEASE, CUT));
            assertThat(status()).isInstanceOf(Held.class);
            rest();
            assertThat(commands).containsExactly(new Renew(LEASE, now));
        }

        @Test
        void restsLongerEachTimeThatARenewalFails() {
            hold();
            due();
            for (int attempt = 2; attempt <= 4; attempt++) {
                on(new HoldEvent.NotRenewed(LEASE, CUT));
                assertThat(command(Rest.class).attempt()).isEqualTo(attempt);
                rest();
                assertThat(commands).containsExactly(new Renew(LEASE, now));
            }
            pass(SECOND / 10);
            renewed();
            due();
            on(new HoldEvent.NotRenewed(LEASE, CUT));
            assertThat(command(Rest.class).attempt())
                    .as("after one that succeeded")
                    .isEqualTo(1);
        }

        @Test
        void believesNoOlderConfirmationThanItHas() {
            hold();
            due();
            Renew first = command(Renew.class);
            due();
            renewed();
            HoldStatus held = status();
            on(new HoldEvent.Renewed(LEASE, first.sent()));
            assertThat(status()).isEqualTo(held);
        }

        @Test
        void isNotDisturbedByNewsFromBeforeItWasTaken() {
            hold();
            see(5, null);
            see(9, item(8, 5));
            see(10, item(10, LEASE));
            see(30, item(10, LEASE));
            assertThat(status()).isInstanceOf(Held.class);
        }
    }

    @Nested
    class LosingIt {
        @Test
        void whenTheTimeToLiveHasRunOutSinceTheLastConfirmedRenewalWasSent() {
            hold();
            Moment until = ((Held) status()).until();
            assertThat(status().at(until.plus(-1))).isInstanceOf(Held.class);
            HoldStatus afterwards = status().at(until);
            assertThat(afterwards).isInstanceOf(Lost.class);
            loseToSilence();
            assertThat(status()).as("what was shown already").isEqualTo(afterwards);
            assertThat(((Lost) status()).since()).isEqualTo(until.at());
            assertThat(reason()).contains("not confirmed").contains("PT3S");
        }

        @Test
        void saysWhatWentWrong() {
            hold();
            due();
            on(new HoldEvent.NotRenewed(LEASE, CUT));
            loseToSilence();
            assertThat(reason()).endsWith("cut");
        }

        @Test
        void byTheWallClockWhenTheMachineHasSlept() {
            hold();
            Moment awake = new Moment(now.nanoTime() + 1, now.at().plusNanos(TTL));
            assertThat(status().at(awake)).isInstanceOf(Lost.class);
        }

        @Test
        void toSilenceKeepsAskingForTheSameLeaseAndLooksAtTheKeyBeforeItBelievesInItAgain() {
            hold();
            loseToSilence();
            assertThat(commands).containsExactly(new Renew(LEASE, now));
            renewed();
            assertThat(status()).isInstanceOf(Lost.class);
            find(item(10, LEASE));
            assertThat(((Held) status()).revision()).isEqualTo(10);
        }

        @Test
        void triesAgainAfterARestIfItCannotFindOutWhetherTheLeaseIsThere() {
            hold();
            loseToSilence();
            HoldStatus lost = status();
            on(new HoldEvent.NotRenewed(LEASE, CUT));
            assertThat(status()).isEqualTo(lost);
            rest();
            assertThat(commands).containsExactly(new Renew(LEASE, now));
            on(new HoldEvent.NotRenewed(LEASE, DENIED));
            assertThat(reason()).as("what will not pass by itself").isEqualTo("denied");
            assertThat(command(Rest.class).attempt()).isEqualTo(3);
        }

        @Test
        void aConfirmationThatComesAfterTheTimeToLiveIsNotEnough() {
            hold();
            due();
            Renew renew = command(Renew.class);
            now = START.plus(TTL);
            on(new HoldEvent.Renewed(LEASE, renew.sent()));
            assertThat(status()).isInstanceOf(Lost.class);
            find(item(10, LEASE));
            assertThat(status()).isInstanceOf(Held.class);
        }

        @Test
        void whenTheLeaseIsGoneAndTakesItAgainUnderANewOne() {
            hold();
            due();
            on(new HoldEvent.Gone(LEASE));
            assertThat(reason()).contains("expired or was revoked");
            rest();
            grant(78);
            take(20);
            assertThat(((Held) status()).revision()).isEqualTo(20);
            on(new HoldEvent.Gone(LEASE)); // late
            assertThat(status()).isInstanceOf(Held.class);
        }

        @Test
        void toAnExpiryWaitsUntilItIsToldThatTheKeyIsGone() {
            hold();
            see(10, item(10, LEASE));
            due();
            on(new HoldEvent.Gone(LEASE));
            rest();
            assertThat(commands).isEmpty();
            assertThat(reason()).contains("expired");
            see(11, null);
            rest();
            assertThat(command(Grant.class)).isNotNull();
        }

        @Test
        void whenItIsDeletedAndTakesItAgainUnderANewLease() {
            hold();
            due();
            renewed();
            see(11, null);
            assertThat(reason()).isEqualTo("the key was deleted");
            assertThat(commands).hasSize(2).startsWith(new Revoke(0, LEASE));
            grant(78);
            take(12);
            assertThat(((Held) status()).revision()).isEqualTo(12);
        }

        @Test
        void whenItIsOverwrittenAndWaitsUntilItIsFree() {
            hold();
            due();
            renewed();
            see(11, item(11, 0));
            assertThat(reason()).isEqualTo("overwritten by another, at revision 11");
            assertThat(commands).containsExactly(new Revoke(0, LEASE));
            see(12, null);
            grant(78);
            assertThat(command(Take.class).lease()).isEqualTo(78);
        }

        @Test
        void toOneWhoKeptTheLeaseDoesNotDeleteWhatThatOneWrote() {
            hold();
            see(11, item(11, LEASE));
            assertThat(reason()).contains("overwritten");
            assertThat(commands).isEmpty();
            assertThat(machine.due()).as("the lease is not renewed").isNull();
        }

        @Test
        void toANewStoreIsNoticedThoughItsRevisionIsEarlier() {
            hold();
            see(10, item(10, LEASE));
            on(new HoldEvent.Seen(2, 4, null));
            assertThat(reason()).isEqualTo("the key was deleted");
        }

        @Test
        void keepsTheTimeOfTheFirstLossThroughLaterReasons() {
            hold();
            due();
            Instant since = now.at();
            on(new HoldEvent.Gone(LEASE));
            pass(SECOND);
            rest();
            grant(78);
            find(item(20, 5));
            assertThat(status()).isEqualTo(new Lost(since, "taken by another, at revision 20"));
        }
    }

    @Nested
    class Close {
        @Test
        void revokesTheLeaseAndNobodyBelievesInItAnyMore() {
            hold();
            on(new HoldEvent.Close());
            assertThat(status()).isEqualTo(new Closing());
            on(new HoldEvent.Revoked(command(Revoke.class).ticket()));
            assertThat(status()).isEqualTo(new Closed());
            assertThat(machine.hasEnded()).isTrue();
        }

        @Test
        void triesAgainUntilTheTimeForItIsOver() {
            hold();
            on(new HoldEvent.Close());
            on(new HoldEvent.Failed(command(Revoke.class).ticket(), CUT));
            rest();
            assertThat(command(Revoke.class).lease()).isEqualTo(LEASE);
            due();
            assertThat(now).isEqualTo(START.plus(CLOSE));
            assertThat(status()).isEqualTo(new Closed());
        }

        @Test
        void restsLongerEachTimeThatRevokingFails() {
            hold();
            on(new HoldEvent.Close());
            for (int attempt = 2; attempt <= 4; attempt++) {
                long ticket = command(Revoke.class).ticket();
                on(new HoldEvent.Failed(ticket, CUT));
                assertThat(command(Rest.class).attempt()).isEqualTo(attempt);
                rest();
                assertThat(command(Revoke.class).ticket())
                        .as("another answer is awaited")
                        .isGreaterThan(ticket);
            }
            on(new HoldEvent.Revoked(command(Revoke.class).ticket()));
            assertThat(status()).isEqualTo(new Closed());
        }

        @Test
        void thatIsUnderWayIsEndedByThatOfTheConnectionWithoutRevokingTwice() {
            hold();
            on(new HoldEvent.Close());
            assertThat(machine.hasEnded()).isFalse();
            on(new HoldEvent.End());
            assertThat(commands).isEmpty();
            assertThat(machine.hasEnded()).isTrue();
            on(new HoldEvent.End());
            assertThat(commands).isEmpty();
            assertThat(status()).isEqualTo(new Closed());
        }

        @Test
        void whileItIsBeingTakenRevokesTheLeaseSoThatItCannotBeTakenAnyMore() {
            grant(LEASE);
            long ticket = command(Take.class).ticket();
            on(new HoldEvent.Close());
            assertThat(command(Revoke.class).lease()).isEqualTo(LEASE);
            on(new HoldEvent.Taken(ticket, 10));
            assertThat(status()).isEqualTo(new Closing());
        }

        @Test
        void withoutALeaseIsTheEndAndRevokesOneThatComesLate() {
            long ticket = command(Grant.class).ticket();
            on(new HoldEvent.Close());
            assertThat(status()).isEqualTo(new Closed());
            on(new HoldEvent.Granted(ticket, LEASE));
            assertThat(commands).containsExactly(new Revoke(0, LEASE));
        }

        @Test
        void ofTheConnectionIsTheEndAtOnce() {
            hold();
            on(new HoldEvent.End());
            assertThat(status()).isEqualTo(new Closed());
            assertThat(commands).containsExactly(new Revoke(0, LEASE));
            on(new HoldEvent.Close());
            on(new HoldEvent.Due());
            see(11, null);
            assertThat(status()).isEqualTo(new Closed());
        }
    }
}
