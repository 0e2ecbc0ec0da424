package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Event;
import io.grpc.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A service that serves gRPC calls uses values inside them: what a call's context ends is the call, not our streams. */
class GrpcContextIT extends ThreeMembers {
    private final Stage stage = new Stage();
    private final EtcdKeys keys = own(client(settings().seam(stage)));
    private final WritableEtcdValue<String> value = keys.value("a", Codec.utf8());

    @Test
    void whatWasBegunInsideACallGoesOnWhenTheCallIsCancelled() throws Exception {
        Context.CancellableContext call = Context.current().withCancellation();
        Watcher<Optional<String>> watcher = call.call(value::watch);
        Watcher<Snapshot<String>> range =
                call.call(() -> keys.prefix("", Codec.utf8()).watch());
        assertThat(call.call(() -> next(watcher))).isEmpty();
        assertThat(call.call(() -> next(range)).values()).isEmpty();
        call.call(() -> value.set("one"));
        assertNext(watcher, "one");
        next(range);
        call.cancel(new IllegalStateException("the call has ended"));
        put("a", "two");
        assertNext(watcher, "two");
        assertThat(next(range).get("a")).contains("two");
        assertThat(stage.events(Event.Failed.class)).isEmpty();
        watcher.close();
        range.close();
    }

    @Test
    void insideACallThatIsAlreadyCancelledEverythingWorks() throws Exception {
        Context.CancellableContext call = Context.current().withCancellation();
        call.cancel(null);
        Optional<String> found = call.call(() -> {
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                put("a", "two");
                return next(watcher);
            }
        });
        assertThat(found).contains("two");
        assertThat(stage.events(Event.Failed.class)).isEmpty();
    }

    @Test
    void theDeadlineOfACallIsNotOurs() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Context.CancellableContext call = Context.current().withDeadlineAfter(50, TimeUnit.MILLISECONDS, timer);
            Watcher<Optional<String>> watcher = call.call(value::watch);
            assertThat(next(watcher)).isEmpty();
            assertSilent(watcher); // longer than the deadline
            assertThat(call.isCancelled()).isTrue();
            put("a", "one");
            assertNext(watcher, "one");
            assertThat(stage.events(Event.Failed.class)).isEmpty();
            watcher.close();
        } finally {
            timer.shutdownNow();
        }
    }

    /** Whoever brings a task also runs those of others that are waiting; here a consumer in a cancelled call does. */
    @Test
    void aReconnectThatHappensToRunInsideACancelledCallIsNotCancelledWithIt() throws Exception {
        put("a", "0");
        Context.CancellableContext call = Context.current().withCancellation();
        call.cancel(null);
        EtcdKeys brief = own(client(settings().linger(Duration.ZERO)));
        EtcdValue<String> busy = brief.value("a", Codec.utf8());
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "0");
            for (int round = 1; round <= 20; round++) {
                cluster.cutClients();
                call.run(() -> {
                    for (int i = 0; i < 20; i++) {
                        busy.watch().close();
                        value.watch().close();
                    }
                });
                String now = String.valueOf(round);
                put("a", now);
                assertNext(watcher, now);
                assertThat(busy.await(Optional.of(now)::equals, BOUND)).contains(now);
            }
        }
        assertThat(stage.events(Event.Failed.class))
                .extracting(failed -> failed.trouble().message())
                .noneMatch(message -> message.contains("CANCELLED"));
    }
}
