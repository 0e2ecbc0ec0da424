package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.testkit.Member;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Finding etcd: endpoints that do not answer, or are something else, and settings at their limits. */
class ConnectingIT extends ThreeMembers {
    private static final String NOBODY = "http://127.0.0.1:1";
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void aServiceMayStartBeforeItsServers() throws Exception {
        put("a", "one");
        cluster.members().forEach(Member::stop);
        Stage stage = new Stage();
        EtcdValues values = client(settings()
                .endpoints(cluster.directEndpoints().toArray(String[]::new))
                .seam(stage));
        EtcdValue<String> value = own(values).value("a", Codec.utf8());
        try (Watcher<Optional<String>> watcher = value.watch()) {
            stage.await(Event.Delayed.class);
            assertThatThrownBy(() -> watcher.next(A_MOMENT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("Connection refused")
                    .hasMessageFindingMatch("http://127\\.0\\.0\\.1:\\d+");
            Call<Optional<String>> patient = blockedNext(watcher);
            cluster.repair();
            assertThat(patient.result()).contains("one");
        }
    }

    @Test
    void anEndpointWhereNobodyListensIsPassedOver() throws Exception {
        EtcdValues values =
                client(settings().endpoints(NOBODY, NOBODY, cluster.member(1).endpoint()));
        EtcdValue<String> value = own(values).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            put("a", "two");
            assertNext(watcher, "two");
        }
    }

    @Test
    void aWriteThatReachesNobodyIsNotSentAndSaysSoInTime() {
        WritableEtcdValue<String> value = own(client(
                        settings().endpoints(NOBODY).requestTimeout(Duration.ofMillis(300))))
                .value("a", Codec.utf8());
        assertThatThrownBy(() -> value.set("one"))
                .isExactlyInstanceOf(EtcdException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("not sent")
                .hasMessageContaining("300 ms")
                .hasMessageContaining("Connection refused")
                .hasMessageContaining(NOBODY);
        assertThatThrownBy(value::delete).isExactlyInstanceOf(EtcdException.class);
    }

    @Test
    void aWriteThatFindsAnEndpointInTimeIsSent() throws Exception {
        cluster.members().forEach(Member::stop);
        WritableEtcdValue<String> value =
                own(client(settings().requestTimeout(BOUND))).value("a", Codec.utf8());
        Call<Long> waiting = Call.of(() -> value.set("one"));
        cluster.repair();
        assertThat(waiting.result()).isPositive();
        assertThat(held()).containsEntry("a", "one");
    }

    @Test
    void aWriteThatIsNotAnsweredSaysSoInTime() throws Exception {
        EtcdValues values = client(settings().requestTimeout(Duration.ofMillis(200)));
        WritableEtcdValue<String> value = own(values).value("a", Codec.utf8());
        value.set("zero");
        cluster.blackHoleClients();
        long start = System.nanoTime();
        assertThatThrownBy(() -> value.set("one"))
                .isInstanceOf(MaybeWrittenException.class)
                .hasMessageContaining("DEADLINE_EXCEEDED");
        assertThat(System.nanoTime() - start).isLessThan(BOUND.toNanos() / 2);
    }

    @Test
    void anInterruptedWriteSaysThatItMayHaveBeenDoneAndStaysInterrupted() throws Exception {
        WritableEtcdValue<String> value = own(client()).value("a", Codec.utf8());
        value.set("zero");
        cluster.blackHoleClients();
        Call<Boolean> interrupted = Call.of(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> value.set("one")).isInstanceOf(InterruptedException.class);
            Thread writer = Thread.currentThread();
            Call<Void> interrupter =
                    Call.to(() -> eventually("the write waits", () -> writer.getState() == Thread.State.WAITING));
            Call<Void> second = Call.to(() -> {
                interrupter.result();
                writer.interrupt();
            });
            assertThatThrownBy(() -> value.set("two")).isInstanceOf(MaybeWrittenException.class);
            boolean stays = Thread.interrupted();
            second.result();
            return stays;
        });
        assertThat(interrupted.result()).isTrue();
    }

    @Test
    void aServerThatIsNotEtcdIsToldOnceAndTriedAgain() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        try {
            String endpoint = "http://127.0.0.1:" + server.getPort();
            EtcdValue<String> value =
                    own(client(settings().endpoints(endpoint))).value("a", Codec.utf8());
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertThatThrownBy(() -> watcher.next(Duration.ofSeconds(5)))
                        .isInstanceOf(NotEtcdException.class)
                        .hasMessageContaining(endpoint);
                assertSilent(watcher);
            }
            assertThatThrownBy(() -> value.await(BOUND)).isInstanceOf(NotEtcdException.class);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void theLongestSettingsAreTakenForWhatTheyAre() throws Exception {
        EtcdValues values = client(EtcdValues.builder()
                .endpoints(NOBODY, cluster.member(0).endpoint())
                .requestTimeout(FOR_EVER)
                .linger(FOR_EVER)
                .backoff(Duration.ofMillis(1), FOR_EVER)
                .pageSize(Integer.MAX_VALUE));
        WritableEtcdValue<String> value = own(values).value("a", Codec.utf8());
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            value.set("two");
            assertNext(watcher, "two");
        }
        assertThat(value.current()).contains(Optional.of("two"));
    }
}
