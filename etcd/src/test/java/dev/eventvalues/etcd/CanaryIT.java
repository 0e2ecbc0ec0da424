package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.CertificateAuthority;
import dev.eventvalues.testkit.ClusterTls;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets and values are sent down every path that fails, and must not come out: not in what is logged at the finest
 * level, by this library or by gRPC, nor in the message of an exception.
 *
 * <p>The one exception is gRPC's log of every frame on the wire, which somebody has to turn on.
 */
class CanaryIT extends ThreeMembers {
    private static final String VALUE = "canary-of-a-value";
    private static final String PASSWORD = "canary-of-a-password";

    /** etcd's simple tokens. */
    private static final Pattern TOKEN = Pattern.compile("\\b[A-Za-z]{16}\\.\\d+\\b");

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger FRAMES = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyClientHandler");

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static EtcdCluster secured;

    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final Level level = ROOT.getLevel();
    private final Handler handler = new Handler() {
        private final SimpleFormatter text = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            shown.add(text.format(entry)); // with the stack, and so with the messages, of what was thrown
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void start() {
        authority = CertificateAuthority.create(directory.resolve("authority"), "authority");
        secured = EtcdCluster.builder()
                .tls(ClusterTls.presenting(authority.issueServer("server")).demandingClientsOf(authority))
                .start();
    }

    @AfterAll
    static void stop() {
        secured.close();
    }

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
        ROOT.setLevel(Level.ALL);
        FRAMES.setLevel(Level.INFO);
    }

    @AfterEach
    void nothingCameOut() throws Exception {
        secured.auth().disable();
        ROOT.removeHandler(handler);
        ROOT.setLevel(level);
        FRAMES.setLevel(null);
        assertThat(shown).isNotEmpty().allSatisfy(text -> {
            assertThat(text).doesNotContain(VALUE, PASSWORD).doesNotContainPattern(TOKEN);
            for (String line : keyLines()) {
                assertThat(text).doesNotContain(line);
            }
        });
    }

    private static List<String> keyLines() throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("key.pem"))
                    .flatMap(file -> CanaryIT.read(file).lines())
                    .filter(line -> !line.startsWith("-----"))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Our own messages; what a decoder threw is the decoder's, and handed to who called. */
    private void failing(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isNotNull();
        shown.add(thrown.toString());
        if (!(thrown instanceof DecodeException)) {
            for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
                shown.add(cause.toString());
            }
        }
    }

    @Test
    void valuesThatCannotBeRead() throws Exception {
        EtcdKeys keys = own(client());
        EtcdValue<Integer> number = keys.value(
                "a",
                (key, bytes) ->
                        Integer.parseInt(new String(bytes, StandardCharsets.UTF_8))); // it quotes what it cannot parse
        EtcdValue<String> text = keys.value("a", Codec.utf8());
        put("a", VALUE);
        failing(() -> number.await(BOUND));
        closedAfterwards(number.onChange(state -> {}, Runnable::run));
        closedAfterwards(text.onChange(
                state -> {
                    throw new IllegalStateException("cannot use " + state);
                },
                Runnable::run));
        closedAfterwards(text.map(state -> Integer.parseInt(state.orElse("")))
                .onChange(
                        state -> {},
                        failure -> {
                            throw new IllegalStateException(failure);
                        },
                        Runnable::run));
        number.publisher(Runnable::run).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Optional<Integer> state) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        eventually(
                "all four failures are logged",
                () -> shown.stream()
                                .filter(each -> each.contains("dev.eventvalues.internal"))
                                .count()
                        >= 4);
        try (Watcher<Snapshot<Integer>> range = keys.prefix("", (Decoder<Integer>)
                        (key, bytes) -> Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)))
                .watch()) {
            Snapshot<Integer> snapshot = next(range);
            shown.add(snapshot.undecodable().toString());
            shown.add(snapshot.toString());
        }
    }

    @Test
    void valuesThatCannotBeWritten() {
        WritableEtcdValue<String> value = own(client()).value("a", Codec.utf8());
        failing(() -> value.set(VALUE.repeat(200_000)));
        failing(() -> own(client(settings().endpoints("http://127.0.0.1:1").requestTimeout(A_MOMENT)))
                .value("a", Codec.utf8())
                .set(VALUE));
    }

    @Test
    void passwordsAndTokens() throws Exception {
        secured.auth().enable("root");
        secured.auth().addUser("alice", PASSWORD);
        TlsIdentity identity = authority.issueClient("nobody");
        EtcdValues.Builder settings = settings()
                .endpoints(secured.endpoints().toArray(String[]::new))
                .trust(authority.certificatePem())
                .identity(identity.certificatePem(), identity.privateKeyPem());
        EtcdValues denied = client(settings.credentials("alice", PASSWORD::toCharArray));
        EtcdValues wrong = client(settings.credentials("alice", (PASSWORD + "!")::toCharArray));
        EtcdValues broken = client(settings.credentials("alice", () -> {
            throw new IllegalStateException(PASSWORD);
        }));
        for (EtcdValues values : List.of(denied, wrong, broken)) {
            shown.add(values.toString());
            WritableEtcdValue<String> value = values.value("a", Codec.utf8());
            failing(() -> value.await(BOUND));
            failing(() -> value.set(VALUE));
            failing(() -> value.freshness().await(fresh -> false, A_MOMENT));
            value.freshness().current().ifPresent(fresh -> shown.add(fresh.toString()));
        }
        secured.auth().changePassword("alice", "another");
        failing(() -> denied.value("b", Codec.utf8()).await(BOUND));
    }

    @Test
    void filesThatCannotBeUsed() throws Exception {
        TlsIdentity identity = authority.issueClient("somebody");
        Path key = identity.privateKeyPem();
        Path half = Files.writeString(
                directory.resolve("half.pem"), read(key).substring(0, read(key).length() / 2));
        Path cutShort = Files.writeString(
                directory.resolve("cut.pem"),
                read(key).substring(0, read(key).length() / 2) + "\n-----END PRIVATE KEY-----\n");
        EtcdValues.Builder settings =
                settings().endpoints(secured.endpoints().toArray(String[]::new)).trust(authority.certificatePem());
        for (Path bad : List.of(half, cutShort, authority.certificatePem())) {
            failing(() -> settings.identity(identity.certificatePem(), bad).build());
        }
        failing(() ->
                settings.identity(identity.pkcs12(), PASSWORD.toCharArray()).build());
        failing(() -> settings.identity(half, PASSWORD.toCharArray()).build());
        EtcdValues values = client(settings.identity(identity.certificatePem(), key));
        WritableEtcdValue<String> value = own(values).value("a", Codec.utf8());
        value.set("one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            Files.copy(cutShort, key, StandardCopyOption.REPLACE_EXISTING);
            secured.cutClients();
            secured.put(key("a"), "two");
            assertNext(watcher, "two");
        }
    }
}
