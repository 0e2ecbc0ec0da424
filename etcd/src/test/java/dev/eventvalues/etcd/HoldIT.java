package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.Hold.Closed;
import dev.eventvalues.etcd.Hold.Held;
import dev.eventvalues.etcd.Hold.Lost;
import dev.eventvalues.testkit.KeyValue;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are held. */
class HoldIT extends ThreeMembers {
    /** So long that nothing in a test takes that long. */
    private static final Duration FOR_EVER = Duration.ofMinutes(10);

    private static final Duration SHORT = Duration.ofSeconds(2);

    private final EtcdValues values = client();
    private final WritableEtcdValue<String> value = own(values).value("a", Codec.utf8());

    /** Another process, as it were. */
    private WritableEtcdValue<String> other() {
        return own(client()).value("a", Codec.utf8());
    }

    private Hold hold(WritableEtcdValue<String> of, String text, Duration ttl) throws InterruptedException {
        return closedAfterwards(of.hold(text, ttl));
    }

    private Hold hold(String text, Duration ttl) throws InterruptedException {
        return hold(value, text, ttl);
    }

    private static Hold.State state(Hold hold) {
        return hold.state().current().orElseThrow();
    }

    private static Held awaitHeld(Hold hold) throws Exception {
        return (Held) hold.state().await(Held.class::isInstance, BOUND);
    }

    private static Lost awaitLost(Hold hold) throws Exception {
        return (Lost) hold.state().await(Lost.class::isInstance, BOUND);
    }

    private Optional<KeyValue> entry() {
        return cluster.entry(key("a"));
    }

    private void revoke(long lease) {
        cluster.call("/v3/lease/revoke", "{\"ID\":\"" + lease + "\"}");
    }

    @Nested
    class AFreeKey {
        @Test
        void isWrittenUnderALeaseAndHeldAtTheRevisionOfThat() throws Exception {
            Hold hold = hold("mine", SHORT);
            assertThat(state(hold)).isEqualTo(new Held(entry().orElseThrow().modRevision()));
            assertThat(entry().orElseThrow().valueText()).isEqualTo("mine");
            assertThat(entry().orElseThrow().lease()).isNotZero();
            assertThat(value.await(Optional::isPresent, BOUND)).contains("mine");
        }

        @Test
        void isKeptForMuchLongerThanItsTimeToLive() throws Exception {
            Hold hold = hold("mine", Duration.ofSeconds(1));
            Held first = (Held) state(hold);
            try (Watcher<Hold.State> watcher = hold.state().watch()) {
                assertThat(next(watcher)).isEqualTo(first);
                assertThatThrownBy(() -> watcher.next(Duration.ofSeconds(4))).hasMessageContaining("it is still Held");
            }
            assertThat(entry().orElseThrow().modRevision()).isEqualTo(first.revision());
        }

        @Test
        void canBeHeldThroughARange() throws Exception {
            Hold hold = closedAfterwards(
                    own(values).prefix("", Codec.utf8()).at("a").hold("mine", FOR_EVER));
            long first = ((Held) state(hold)).revision();
            revoke(entry().orElseThrow().lease());
            assertThat(hold.state().await(state -> state instanceof Held held && held.revision() > first, BOUND))
                    .isNotNull();
        }
    }

    @Nested
    class AKeyThatIsThere {
        @Test
        void isNotOverwrittenAndHeldOnceItIsFree() throws Exception {
            long theirs = put("a", "theirs");
            Hold hold = hold("mine", FOR_EVER);
            assertThat(((Lost) state(hold)).reason()).isEqualTo("taken by another, at revision " + theirs);
            assertThat(held()).containsEntry("a", "theirs");
            put("a", "still theirs");
            delete("a");
            Held held = awaitHeld(hold);
            assertThat(held.revision()).isEqualTo(entry().orElseThrow().modRevision());
            assertThat(held()).containsEntry("a", "mine");
        }

        @Test
        void goesFromHolderToHolder() throws Exception {
            Hold first = hold("first", FOR_EVER);
            Hold second = hold(other(), "second", FOR_EVER);
            Hold third = hold(other(), "third", FOR_EVER);
            assertThat(state(second)).isInstanceOf(Lost.class);
            first.close();
            eventually("one of the two gets it", () -> state(second) instanceof Held || state(third) instanceof Held);
            Hold winner = state(second) instanceof Held ? second : third;
            Hold loser = winner.equals(second) ? third : second;
            assertThat(state(loser)).isInstanceOf(Lost.class);
            assertThat(held()).containsEntry("a", winner.equals(second) ? "second" : "third");
            winner.close();
            awaitHeld(loser);
            assertThat(held()).containsEntry("a", loser.equals(second) ? "second" : "third");
        }
    }

    @Nested
    class Losing {
        @Test
        void theLeaseTakesTheKeyAgainUnderANewOne() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            KeyValue before = entry().orElseThrow();
            revoke(before.lease());
            Hold.State again = hold.state()
                    .await(state -> state instanceof Held held && held.revision() > before.modRevision(), BOUND);
            KeyValue after = entry().orElseThrow();
            assertThat(again).isEqualTo(new Held(after.modRevision()));
            assertThat(after.lease()).isNotZero().isNotEqualTo(before.lease());
        }

        @Test
        void theKeyToADeletionIsToldAndItIsTakenAgain() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            try (Watcher<Hold.State> watcher = hold.state().watch()) {
                Held first = (Held) next(watcher);
                delete("a");
                assertThat(watcher.next(
                                state -> state instanceof Held held && held.revision() > first.revision(), BOUND))
                        .isNotNull();
            }
            assertThat(held()).containsEntry("a", "mine");
        }

        @Test
        void theKeyToAnotherIsToldAndItIsTakenWhenItIsFree() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            long lease = entry().orElseThrow().lease();
            long theirs = put("a", "theirs");
            Lost lost = awaitLost(hold);
            assertThat(lost.reason()).isEqualTo("overwritten by another, at revision " + theirs);
            eventually(
                    "the lease is given up",
                    () -> !cluster.call("/v3/lease/timetolive", "{\"ID\":\"" + lease + "\"}")
                            .contains("grantedTTL"));
            assertThat(held()).containsEntry("a", "theirs");
            delete("a");
            awaitHeld(hold);
            assertThat(held()).containsEntry("a", "mine");
        }

        @Test
        void theServersIsToldWithinTheTimeToLiveAndPassesWhenTheyAnswerAgain() throws Exception {
            Hold hold = hold("mine", SHORT);
            Instant before = Instant.now();
            long start = System.nanoTime();
            cluster.members().forEach(Member::pause);
            Lost lost = awaitLost(hold);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(500));
            assertThat(lost.since())
                    .isBetween(before.minusMillis(1), before.plus(SHORT).plusMillis(100));
            assertThat(lost.reason()).contains("not confirmed the lease within its time to live of PT2S");
            cluster.members().forEach(Member::resume);
            awaitHeld(hold);
            assertThat(entry().orElseThrow().valueText()).isEqualTo("mine");
        }

        @Test
        void theServersForLongerThanTheTimeToLivePassesToo() throws Exception {
            Hold hold = hold("mine", Duration.ofSeconds(1));
            cluster.members().forEach(Member::kill);
            awaitLost(hold);
            cluster.members().parallelStream().forEach(Member::start);
            Held held = awaitHeld(hold);
            eventually(
                    "etcd says the same",
                    () -> entry().map(KeyValue::modRevision).equals(Optional.of(((Held) state(hold)).revision())));
            assertThat(held).isNotNull();
        }

        @Test
        void connectionsDoesNoHarm() throws Exception {
            Hold hold = hold("mine", Duration.ofSeconds(5));
            try (Watcher<Hold.State> watcher = hold.state().watch()) {
                Held first = (Held) next(watcher);
                for (int i = 0; i < 20; i++) {
                    cluster.cutClients();
                    assertThatThrownBy(() -> watcher.next(Duration.ofMillis(100)))
                            .hasMessageContaining("it is still " + first);
                }
            }
        }
    }

    /** A holder that is cut off has noticed it before etcd lets another one hold the key. */
    @Test
    void twoAreNeverHeldAtTheSameTime() throws Exception {
        Member member = cluster.member(0);
        Hold cutOff = hold(own(clientOf(member)).value("a", Codec.utf8()), "first", SHORT);
        Hold waiting =
                hold(own(clientOf(cluster.member(1), cluster.member(2))).value("a", Codec.utf8()), "second", SHORT);
        assertThat(state(cutOff)).isInstanceOf(Held.class);
        assertThat(state(waiting)).isInstanceOf(Lost.class);
        member.blackHoleClients();
        Hold.State next = waiting.state().await(Held.class::isInstance, BOUND);
        assertThat(state(cutOff)).as("while the other has %s", next).isInstanceOf(Lost.class);
        member.healClients();
        eventually(
                "it knows",
                () -> state(cutOff) instanceof Lost lost && lost.reason().contains("taken by another"));
        assertThat(state(waiting)).isEqualTo(next);
        assertThat(held()).containsEntry("a", "second");
    }

    @Nested
    class Closing {
        @Test
        void deletesTheKeyAndEndsWatchers() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            Watcher<Hold.State> watcher = hold.state().watch();
            assertThat(next(watcher)).isInstanceOf(Held.class);
            Call<Hold.State> blocked = blockedNext(watcher);
            hold.close();
            assertThat(held()).isEmpty();
            assertThat(state(hold)).isEqualTo(new Closed());
            assertThat(blocked.result()).isEqualTo(new Closed());
            assertThatThrownBy(watcher::next).isInstanceOf(WatcherClosedException.class);
            assertThat(hold.state().await()).isEqualTo(new Closed());
            hold.close();
            value.set("free again");
        }

        @Test
        void withoutHoldingTheKeyLeavesItAlone() throws Exception {
            put("a", "theirs");
            Hold hold = hold("mine", FOR_EVER);
            hold.close();
            assertThat(state(hold)).isEqualTo(new Closed());
            assertThat(held()).containsEntry("a", "theirs");
            delete("a");
            assertSilentlyFree();
        }

        private void assertSilentlyFree() throws Exception {
            assertThat(value.awaitRevision(cluster.revision(), BOUND)).isEmpty();
            assertThat(held()).isEmpty();
        }

        @Test
        void duringAnOutageTakesNoLongerThanTheRequestTimeoutAndTheTimeToLiveDoesTheRest() throws Exception {
            EtcdValues impatient = client(settings().requestTimeout(Duration.ofMillis(500)));
            Hold hold = hold(own(impatient).value("a", Codec.utf8()), "mine", SHORT);
            cluster.blackHoleClients();
            long start = System.nanoTime();
            hold.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
            assertThat(state(hold)).isEqualTo(new Closed());
            assertThat(held()).containsEntry("a", "mine");
            eventually("the time to live is over", () -> held().isEmpty());
        }

        @Test
        void ofAnInterruptedThreadDoesNotWaitButIsDone() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            Thread.currentThread().interrupt();
            hold.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(state(hold)).isEqualTo(new Closed());
            eventually("the key is deleted", () -> held().isEmpty());
        }

        @Test
        void theConnectionGivesTheKeyBackAndEndsWatchersAndPublishers() throws Exception {
            Hold hold = hold("mine", FOR_EVER);
            Watcher<Hold.State> watcher = hold.state().watch();
            CountDownLatch completed = new CountDownLatch(1);
            hold.state().publisher(Runnable::run).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Hold.State state) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {
                    completed.countDown();
                }
            });
            values.close();
            assertThat(held()).isEmpty();
            assertThat(state(hold)).isEqualTo(new Closed());
            assertThat(next(watcher)).isEqualTo(new Closed());
            assertThatThrownBy(watcher::next).isInstanceOf(WatcherClosedException.class);
            assertThat(completed.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            hold.close();
            assertThatThrownBy(() -> value.hold("mine", SHORT)).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void theConnectionDuringAnOutageEndsSoonAndSaysThatNothingIsHeld() throws Exception {
            Hold hold = hold("mine", SHORT);
            cluster.blackHoleClients();
            long start = System.nanoTime();
            values.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_500));
            assertThat(state(hold)).isEqualTo(new Closed());
        }
    }

    @Nested
    class TheFirstAttempt {
        @Test
        void withoutServersBeginsAsLostAfterTheRequestTimeoutAndGoesOn() throws Exception {
            loseClients();
            EtcdValues impatient = client(settings().requestTimeout(Duration.ofMillis(300)));
            Hold hold = hold(own(impatient).value("a", Codec.utf8()), "mine", FOR_EVER);
            assertThat(((Lost) state(hold)).reason()).contains("not sent");
            cluster.healClients();
            awaitHeld(hold);
            assertThat(held()).containsEntry("a", "mine");
        }

        @Test
        void thatIsInterruptedIsGivenBack() throws Exception {
            cluster.delayClients(Duration.ofMillis(50));
            Call<Hold> call = Call.of(() -> value.hold("mine", FOR_EVER)).blocked();
            call.interrupt();
            assertThat(call.failure()).isInstanceOf(InterruptedException.class);
            cluster.healClients();
            Hold next = hold(other(), "next", FOR_EVER);
            awaitHeld(next);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> value.hold("mine", FOR_EVER)).isInstanceOf(InterruptedException.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {1_600_000, 2_200_000})
        void isRefusedForItsSize(int length) {
            assertThatThrownBy(() -> own(values).value("a", Codec.bytes()).hold(new byte[length], SHORT))
                    .isInstanceOf(ValueTooLargeException.class)
                    .hasMessageContaining("hold \"a\"");
            assertThat(held()).isEmpty();
        }

        @Test
        void isRefusedForWhatCannotBeMeant() {
            for (Duration bad : List.of(
                    Duration.ZERO,
                    Duration.ofSeconds(-1),
                    Duration.ofMillis(1_500),
                    Duration.ofMillis(999),
                    Duration.ofSeconds(9_000_000_001L))) {
                assertThatThrownBy(() -> value.hold("mine", bad))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(bad.toString());
            }
            assertThatThrownBy(() -> value.hold(null, SHORT)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> value.hold("mine", null)).isInstanceOf(NullPointerException.class);
        }

        @Test
        void mayHaveTheLongestTimeToLive() throws Exception {
            assertThat(state(hold("mine", Duration.ofHours(2_500_000)))).isInstanceOf(Held.class);
        }
    }
}
