package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.testkit.EtcdAuth.Permission;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What etcd itself makes of bad input, one row each: the exact exception, what it says, and that it comes in time. */
class BadInputIT extends ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension GUARDED = EtcdClusterExtension.starting(EtcdCluster.builder());

    private record Row(String what, ThrowingCallable call, Class<? extends Throwable> type, List<String> said) {
        Row(String what, ThrowingCallable call, Class<? extends Throwable> type, String... said) {
            this(what, call, type, List.of(said));
        }

        DynamicTest test() {
            return DynamicTest.dynamicTest(
                    what,
                    () -> assertPrompt(() -> assertThatThrownBy(call)
                            .isExactlyInstanceOf(type)
                            .satisfies(thrown -> assertThat(thrown.getMessage()).contains(said))));
        }
    }

    @TestFactory
    List<DynamicTest> whatIsRefused() throws Exception {
        EtcdKeys keys = own(client());
        WritableEtcdValue<String> value = keys.value("a", Codec.utf8());
        value.set("connected");
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "an empty key", () -> keys.value("", Codec.utf8()), IllegalArgumentException.class, "key is empty"));
        rows.add(new Row(
                "an empty namespace", () -> keys.namespace(""), IllegalArgumentException.class, "namespace is empty"));
        rows.add(new Row(
                "an end at the first key",
                () -> keys.range("a", "a", Codec.utf8()),
                IllegalArgumentException.class,
                "\"a\"",
                "must be above"));
        rows.add(new Row(
                "an end below the first key, as unsigned bytes",
                () -> keys.range(Key.of(new byte[] {(byte) 0x80}), Key.of(new byte[] {0x7f}), Codec.utf8()),
                IllegalArgumentException.class,
                "unsigned byte order"));
        rows.add(new Row(
                "a value of 1.5 MiB",
                () -> value.set("x".repeat(1_572_864)),
                ValueTooLargeException.class,
                "\"a\"",
                "1572864 bytes",
                "request is too large",
                "--max-request-bytes"));
        rows.add(new Row(
                "a value of 2.2 MB", () -> value.set("x".repeat(2_200_000)), ValueTooLargeException.class, "2200000"));
        rows.add(new Row(
                "a value of 2.2 MB in compareAndSet",
                () -> value.compareAndSet(0, "x".repeat(2_200_000)),
                ValueTooLargeException.class,
                "2200000"));
        rows.add(new Row(
                "a revision below zero",
                () -> value.compareAndSet(-1, "x"),
                IllegalArgumentException.class,
                "negative: -1"));
        rows.add(new Row(
                "a deletion at a revision below zero",
                () -> value.delete(-1),
                IllegalArgumentException.class,
                "negative: -1"));
        rows.add(new Row(
                "waiting for a revision below zero",
                () -> value.awaitRevision(-1, BOUND),
                IllegalArgumentException.class,
                "negative: -1"));
        rows.add(new Row(
                "a revision that does not exist yet",
                () -> value.awaitRevision(Long.MAX_VALUE, Duration.ofMillis(300)),
                TimeoutException.class,
                "not known up to revision " + Long.MAX_VALUE,
                "etcd is at revision"));
        rows.add(new Row(
                "a time to live of half a second",
                () -> value.hold("x", Duration.ofMillis(500)),
                IllegalArgumentException.class,
                "PT0.5S"));
        rows.add(new Row(
                "a time to live of no time",
                () -> value.hold("x", Duration.ZERO),
                IllegalArgumentException.class,
                "PT0S"));
        rows.add(new Row(
                "a value that cannot be decoded",
                () -> keys.value("a", (key, bytes) -> Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)))
                        .await(BOUND),
                DecodeException.class,
                "\"a\"",
                "NumberFormatException"));
        rows.add(new Row(
                "a decoder that returns null",
                () -> keys.value("a", (key, bytes) -> null).await(BOUND),
                NullPointerException.class,
                "\"a\"",
                "null"));
        rows.add(new Row(
                "more keys than the limit",
                () -> {
                    put("b", "x");
                    own(client(settings().maxKeys(1))).prefix("", Codec.utf8()).await(BOUND);
                },
                RangeTooLargeException.class,
                "more than 1 keys",
                "maxKeys"));
        return rows.stream().map(Row::test).toList();
    }

    @TestFactory
    List<DynamicTest> whoIsRefused() {
        guard();
        String[] guarded = GUARDED.cluster().endpoints().toArray(String[]::new);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "no credentials where etcd demands them",
                () -> read(settings().endpoints(guarded)),
                EtcdAuthenticationException.class,
                "user name is empty"));
        rows.add(new Row(
                "a wrong password",
                () -> read(settings().endpoints(guarded).credentials("alice", "wrong"::toCharArray)),
                EtcdAuthenticationException.class,
                "\"alice\"",
                "does not know the user"));
        rows.add(new Row(
                "a password that cannot be had",
                () -> read(settings().endpoints(guarded).credentials("alice", () -> {
                    throw new IllegalStateException("the vault is sealed");
                })),
                EtcdAuthenticationException.class,
                "java.lang.IllegalStateException"));
        rows.add(new Row(
                "an unknown user",
                () -> read(settings().endpoints(guarded).credentials("nobody", "wrong"::toCharArray)),
                EtcdAuthenticationException.class,
                "\"nobody\""));
        rows.add(new Row(
                "a key that the user may not read",
                () -> read(settings().endpoints(guarded).credentials("alice", "secret"::toCharArray)),
                EtcdAccessDeniedException.class,
                "permission denied"));
        rows.add(new Row(
                "a key that the user may not write",
                () -> own(client(settings().endpoints(guarded).credentials("alice", "secret"::toCharArray)))
                        .value("a", Codec.utf8())
                        .set("x"),
                EtcdAccessDeniedException.class,
                "set \"a\"",
                "permission denied"));
        rows.add(new Row(
                "https where etcd speaks http",
                () -> read(settings().endpoints(cluster.member(0).endpoint().replace("http://", "https://"))),
                EtcdTlsException.class,
                "use http://"));
        return rows.stream().map(Row::test).toList();
    }

    private void guard() {
        GUARDED.cluster().auth().enable("root");
        GUARDED.cluster().auth().addUser("alice", "secret");
        GUARDED.cluster().auth().addRole("elsewhere");
        GUARDED.cluster().auth().permit("elsewhere", "elsewhere/", Permission.READWRITE);
        GUARDED.cluster().auth().grantRole("alice", "elsewhere");
    }

    private Optional<String> read(EtcdValues.Builder settings) throws Exception {
        return own(client(settings)).value("a", Codec.utf8()).await(Duration.ofSeconds(10));
    }

    @Test
    void aServerThatIsNotEtcdIsRefused() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        try {
            String endpoint = "http://127.0.0.1:" + server.getPort();
            new Row(
                            "not an etcd",
                            () -> read(settings().endpoints(endpoint)),
                            NotEtcdException.class,
                            endpoint,
                            "UNIMPLEMENTED")
                    .test()
                    .getExecutable()
                    .execute();
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            server.shutdownNow();
        }
    }

    // ---- what looks bad and is not

    @Test
    void credentialsAreNoHarmWhereEtcdDemandsNone() throws Exception {
        put("a", "one");
        assertThat(read(settings().credentials("alice", "secret"::toCharArray))).contains("one");
    }

    @Test
    void theLargestValueThatEtcdTakesIsTaken() throws Exception {
        WritableEtcdValue<String> value = own(client()).value("a", Codec.utf8());
        String largest = "x".repeat(1_572_700);
        value.set(largest);
        assertThat(value.await(Duration.ofSeconds(10)).orElseThrow().equals(largest))
                .isTrue();
    }
}
