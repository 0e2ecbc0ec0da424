package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Writes that are sent and whose answer does not come. The client speaks to a member that is not the leader; the leader is
 * frozen, briefly enough to stay the leader, so the write waits there and is done once it goes on.
 */
class UnansweredWriteIT extends ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension PATIENT =
            EtcdClusterExtension.starting(EtcdCluster.builder().members(3).electionTimeout(Duration.ofSeconds(5)));

    private final EtcdCluster patient = PATIENT.cluster();
    private Member leader;
    private Member follower;

    @BeforeEach
    void chooseMembers() {
        leader = patient.leader();
        follower = patient.members().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
        eventually("nothing is under way", () -> pending() == 0);
    }

    @AfterEach
    void goOn() {
        leader.resume();
    }

    private double pending() {
        return follower.metric("etcd_server_proposals_pending");
    }

    private WritableEtcdValue<String> value(Duration requestTimeout) throws InterruptedException {
        WritableEtcdValue<String> value = own(client(
                        settings().endpoints(endpoints(follower)).requestTimeout(requestTimeout)))
                .value("a", Codec.utf8());
        value.set("before"); // so that it is connected
        return value;
    }

    private void awaitSent(Call<?> write) {
        eventually("the write is on its way to the leader", () -> {
            if (write.isDone()) {
                throw new AssertionError("the write has ended", write.failure());
            }
            return pending() == 1;
        });
    }

    private void assertDoneOnceTheLeaderGoesOn(String text) {
        leader.resume();
        eventually(
                "the write is done after all", () -> patient.getPrefix(prefix).equals(Map.of(key("a"), text)));
    }

    private static void assertMaybeWritten(Throwable failure) {
        assertThat(failure)
                .isInstanceOf(MaybeWrittenException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("may have been done")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aSetWhoseConnectionIsCutMayHaveBeenDone() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        leader.pause();
        Call<Long> set = Call.of(() -> value.set("secret"));
        awaitSent(set);
        follower.cutClients();
        assertMaybeWritten(set.failure());
        assertDoneOnceTheLeaderGoesOn("secret");
    }

    @Test
    void aSetThatTimesOutMayHaveBeenDone() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofMillis(500));
        leader.pause();
        assertThatThrownBy(() -> value.set("secret"))
                .satisfies(UnansweredWriteIT::assertMaybeWritten)
                .hasMessageContaining("no answer");
        assertDoneOnceTheLeaderGoesOn("secret");
    }

    @Test
    void aSetThatIsInterruptedMayHaveBeenDoneAndTheThreadStaysInterrupted() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        leader.pause();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Call<Long> set = Call.of(() -> {
            try {
                return value.set("secret");
            } finally {
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        awaitSent(set);
        set.interrupt();
        assertMaybeWritten(set.failure());
        assertThat(stillInterrupted).isTrue();
        assertDoneOnceTheLeaderGoesOn("secret");
    }

    @Test
    void aSetOfAClosedConnectionMayHaveBeenDone() throws Exception {
        EtcdValues values = client(settings().endpoints(endpoints(follower)));
        WritableEtcdValue<String> value = own(values).value("a", Codec.utf8());
        value.set("before");
        leader.pause();
        Call<Long> set = Call.of(() -> value.set("secret"));
        awaitSent(set);
        values.close();
        assertMaybeWritten(set.failure());
        assertDoneOnceTheLeaderGoesOn("secret");
    }

    @Test
    void anAsynchronousSetFailsWithTheSameException() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        leader.pause();
        CompletableFuture<Long> set = value.setAsync("secret", Runnable::run);
        awaitSent(Call.of(set::get));
        follower.cutClients();
        assertThatThrownBy(() -> set.get(5, TimeUnit.SECONDS)).cause().satisfies(UnansweredWriteIT::assertMaybeWritten);
        assertDoneOnceTheLeaderGoesOn("secret");
    }

    @Test
    void aCompareAndSetMayHaveBeenDoneAndIsNotRepeated() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        long before = value.set("between");
        leader.pause();
        Call<?> set = Call.of(() -> value.compareAndSet(before, "secret"));
        awaitSent(set);
        follower.cutClients();
        assertMaybeWritten(set.failure());
        assertDoneOnceTheLeaderGoesOn("secret");
        assertThat(patient.entry(key("a")).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void anUpdateMayHaveBeenDoneAndIsNotRepeated() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        Call<?> update = Call.of(() -> value.update(before -> {
            leader.pause();
            return Optional.of("secret " + before.orElseThrow());
        }));
        eventually("the change has run", () -> leader.isPaused());
        awaitSent(update);
        follower.cutClients();
        assertMaybeWritten(update.failure());
        assertDoneOnceTheLeaderGoesOn("secret before");
        assertThat(patient.entry(key("a")).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void aDeletionMayHaveBeenDone() throws Exception {
        WritableEtcdValue<String> value = value(Duration.ofSeconds(5));
        leader.pause();
        Call<Boolean> delete = Call.of(value::delete);
        awaitSent(delete);
        follower.cutClients();
        assertMaybeWritten(delete.failure());
        leader.resume();
        eventually("it is done after all", () -> patient.getPrefix(prefix).isEmpty());
    }

    /** The answer to the lease takes a moment, in which the leader is frozen; so the taking stays under way. */
    @Test
    void aHoldWhoseTakingIsCutFindsOutThatItHasTheKey() throws Exception {
        value(Duration.ofSeconds(5)).delete();
        WritableEtcdValue<String> value =
                own(client(settings().endpoints(endpoints(follower)))).value("a", Codec.utf8());
        assertThat(value.delete()).isFalse(); // so that it is connected
        follower.delayClients(Duration.ofMillis(200));
        Call<Hold> call = Call.of(() -> closedAfterwards(value.hold("secret", Duration.ofMinutes(1))));
        eventually(
                "the lease is granted",
                () -> follower.call("/v3/lease/leases", "{}").contains("\"ID\""));
        leader.pause();
        awaitSent(call);
        follower.healClients();
        follower.cutClients();
        Hold hold = call.result();
        assertThat(hold.state().current().orElseThrow()).isInstanceOf(Hold.Lost.class);
        leader.resume();
        Hold.State held = hold.state().await(Hold.Held.class::isInstance, BOUND);
        assertThat(patient.entry(key("a")).orElseThrow().modRevision()).isEqualTo(((Hold.Held) held).revision());
        assertThat(patient.entry(key("a")).orElseThrow().version()).isEqualTo(1);
        assertThat(patient.getPrefix(prefix)).containsEntry(key("a"), "secret");
    }
}
