package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.WatcherClosedException;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reading what was written before, on servers that tell no progress of their own, as by default. */
class AwaitingARevisionIT extends ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension QUIET = EtcdClusterExtension.starting(
            EtcdCluster.builder().members(1).flag("--experimental-watch-progress-notify-interval", "10m"));

    private final EtcdCluster quiet = QUIET.cluster();
    private final Stage stage = new Stage();
    private final EtcdValues values =
            client(settings().endpoints(endpoints(quiet.member(0))).seam(stage));
    private final EtcdKeys keys = own(values);
    private final WritableEtcdValue<String> value = keys.value("a", Codec.utf8());

    @Test
    void readsItsOwnWritesHoweverManyThereAre() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(value.awaitRevision(value.set("" + i), BOUND)).contains("" + i);
        }
        assertThat(value.delete()).isTrue();
        assertThat(value.awaitRevision(quiet.revision(), BOUND)).isEmpty();
    }

    @Test
    void readsWhatWasWrittenElsewhereAlsoThroughARange() throws Exception {
        EtcdValue<String> ofRange = keys.prefix("", Codec.utf8()).at("a");
        for (int i = 0; i < 20; i++) {
            long revision = quiet.put(key("a"), "" + i);
            assertThat(ofRange.awaitRevision(revision, BOUND)).contains("" + i);
            assertThat(value.awaitRevision(revision, BOUND)).contains("" + i);
        }
    }

    @Test
    void ofAnotherKeyDoesNotWaitForTheServerToTellProgress() throws Exception {
        quiet.put(key("a"), "one");
        assertThat(value.await(BOUND)).contains("one");
        stage.await(Event.Opened.class);
        assertThat(value.awaitRevision(quiet.put(key("other"), "x"), BOUND)).contains("one");
        assertThat(value.awaitRevision(quiet.delete(key("a")), BOUND)).isEmpty();
        assertThat(value.awaitRevision(quiet.put(key("other"), "y"), BOUND)).isEmpty();
        assertThat(stage.events(Event.Progressed.class)).isEmpty();
    }

    @Test
    void doesNotBelieveAFeedThatLagsBehind() throws Exception {
        quiet.put(key("a"), "one");
        stage.hold(Command.Follow.class);
        assertThat(value.await(BOUND)).contains("one");
        Stage.Performance follow = stage.awaitHeld();
        quiet.put(key("a"), "two");
        long revision = quiet.put(key("other"), "x");
        assertThatThrownBy(() -> value.awaitRevision(revision, Duration.ofMillis(400)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("not known up to revision " + revision + " within PT0.4S")
                .hasMessageContaining("etcd is at revision " + revision);
        Call<Optional<String>> waiting =
                Call.of(() -> value.awaitRevision(revision, BOUND)).blocked();
        stage.quiet();
        follow.release();
        assertThat(waiting.result()).contains("two");
    }

    @Test
    void ofTheFutureTimesOutUnlessItComes() throws Exception {
        long now = quiet.put(key("a"), "one");
        assertThatThrownBy(() -> value.awaitRevision(now + 2, Duration.ofMillis(300)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("known up to revision " + now);
        Call<Optional<String>> waiting =
                Call.of(() -> value.awaitRevision(now + 2, BOUND)).blocked();
        quiet.put(key("other"), "x");
        quiet.put(key("other"), "y");
        assertThat(waiting.result()).contains("one");
    }

    @Test
    void withoutTimeIsOneTry() throws Exception {
        long revision = value.set("one");
        assertThatThrownBy(() -> value.awaitRevision(revision + 1_000_000, Duration.ZERO))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("is not known up to revision");
        eventually("it has been read", () -> value.current().isPresent());
        assertThat(value.awaitRevision(revision, Duration.ofSeconds(-1))).contains("one");
        assertThat(value.awaitRevision(0, Duration.ZERO)).contains("one");
    }

    @Test
    void survivesAnOutage() throws Exception {
        long revision = value.set("one");
        quiet.refuseClients();
        quiet.cutClients();
        Call<Optional<String>> waiting =
                Call.of(() -> value.awaitRevision(revision + 1, BOUND)).blocked();
        quiet.put(key("other"), "x");
        quiet.healClients();
        assertThat(waiting.result()).contains("one");
    }

    @Test
    void canBeInterruptedAndEndsWithTheConnection() throws Exception {
        long revision = value.set("one");
        Call<Optional<String>> interrupted =
                Call.of(() -> value.awaitRevision(revision + 9, BOUND)).blocked();
        interrupted.interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
        Call<Optional<String>> closed =
                Call.of(() -> value.awaitRevision(revision + 9, BOUND)).blocked();
        values.close();
        assertThat(closed.failure()).isInstanceOf(WatcherClosedException.class);
        assertThatThrownBy(() -> value.awaitRevision(revision, BOUND)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofWhatCannotBeDecodedSaysSo() {
        long revision = quiet.put(key("a").getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> value.awaitRevision(revision, BOUND)).isInstanceOf(DecodeException.class);
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertThatThrownBy(() -> value.awaitRevision(-1, BOUND))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> value.awaitRevision(1, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void throwsARefusalThatWillNotPass() {
        EtcdCluster guarded = closedAfterwards(EtcdCluster.builder().members(1).start());
        EtcdValue<String> there = own(clientOf(guarded.member(0))).value("a", Codec.utf8());
        guarded.call("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"root\"}");
        guarded.call("/v3/auth/role/add", "{\"name\":\"root\"}");
        guarded.call("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        guarded.call("/v3/auth/enable", "{}");
        assertThatThrownBy(() -> there.awaitRevision(1, BOUND)).isInstanceOf(EtcdAccessDeniedException.class);
    }
}
