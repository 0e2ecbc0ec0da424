package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Calls that are given up: nothing is lost, and the watcher goes on. */
class CancellingIT extends ThreeMembers {
    private final EtcdKeys keys = own(client());
    private final EtcdValue<String> value = keys.value("a", Codec.utf8());

    @Test
    void anInterruptedNextLosesNothing() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            Call<Optional<String>> call = blockedNext(watcher);
            call.interrupt();
            assertThat(call.failure()).isInstanceOf(InterruptedException.class);
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    @Test
    void aNextThatTimedOutLosesNothing() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            assertThatThrownBy(() -> watcher.next(Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no change up to revision");
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    @Test
    void aCancelledFutureLosesNothing() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            CompletableFuture<Optional<String>> cancelled = watcher.nextAsync(Runnable::run);
            assertThat(cancelled.cancel(true)).isTrue();
            CompletableFuture<Optional<String>> late =
                    watcher.nextAsync(Runnable::run).orTimeout(20, TimeUnit.MILLISECONDS);
            assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    /** A flaw of the original: what a filter had rejected was lost when the call timed out. */
    @Test
    void whatAConditionRejectedIsStillToldAfterwards() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            awaitTakenIn(keys, "a", put("a", "two"));
            assertThatThrownBy(() -> watcher.next(state -> state.equals(Optional.of("three")), A_MOMENT))
                    .isInstanceOf(TimeoutException.class);
            assertNext(watcher, "two");
        }
    }

    @Test
    void theFirstReadCanBeGivenUpWhileTheMemberIsPartitionedAndSucceedsLater() throws Exception {
        put("a", "one");
        Member alone = cluster.member(0);
        EtcdValue<String> there = own(clientOf(alone)).value("a", Codec.utf8());
        cluster.isolate(alone);
        try (Watcher<Optional<String>> watcher = there.watch()) {
            assertThatThrownBy(() -> watcher.next(A_MOMENT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("etcd has not answered yet");
            Call<Optional<String>> call = blockedNext(watcher);
            call.interrupt();
            assertThat(call.failure()).isInstanceOf(InterruptedException.class);
            CompletableFuture<Optional<String>> future = watcher.nextAsync(Runnable::run);
            assertThat(future.cancel(true)).isTrue();
            assertThat(there.current()).isEmpty();

            Call<Optional<String>> patient = blockedNext(watcher);
            cluster.heal();
            assertThat(patient.result()).contains("one");
        }
    }
}
