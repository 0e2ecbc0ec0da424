package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that cannot be meant: refused at the call, without a server, in words that help. */
class BadInputTest {
    private static final Decoder<String> READ_ONLY = Codec.utf8();

    private final EtcdValues values = EtcdValues.connect("http://127.0.0.1:1");
    private final EtcdKeys namespace = values.namespace("n/");
    private final WritableEtcdValue<String> value = values.value("a", Codec.utf8());
    private final WritableEtcdRange<String> range = values.prefix("p/", Codec.utf8());

    @AfterEach
    void close() {
        values.close();
    }

    @Test
    void nullIsRefusedEverywhere() {
        String noText = null;
        Key noKey = null;
        Key key = Key.of("a");
        Codec<String> noCodec = null;
        Decoder<String> noDecoder = null;
        Duration noTime = null;
        EtcdValues.Builder builder = EtcdValues.builder();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("connect", () -> EtcdValues.connect((String[]) null));
        calls.put("connect, one of them", () -> EtcdValues.connect("http://127.0.0.1:1", null));
        calls.put("endpoints", () -> builder.endpoints((String[]) null));
        calls.put("endpoints, one of them", () -> builder.endpoints(noText));
        calls.put("builder namespace", () -> builder.namespace(noText));
        calls.put("request timeout", () -> builder.requestTimeout(noTime));
        calls.put("linger", () -> builder.linger(noTime));
        calls.put("user", () -> builder.credentials(noText, () -> new char[0]));
        calls.put("password", () -> builder.credentials("user", null));
        calls.put("authority", () -> builder.trust(null));
        calls.put("authority in PKCS#12", () -> builder.trust(null, new char[0]));
        calls.put("password of the authority", () -> builder.trust(Path.of("a"), null));
        calls.put("certificate", () -> builder.identity(null, Path.of("a")));
        calls.put("key", () -> builder.identity(Path.of("a"), (Path) null));
        calls.put("identity in PKCS#12", () -> builder.identity(null, new char[0]));
        calls.put("password of the identity", () -> builder.identity(Path.of("a"), (char[]) null));
        calls.put("least back-off", () -> builder.backoff(noTime, Duration.ofSeconds(1)));
        calls.put("most back-off", () -> builder.backoff(Duration.ofSeconds(1), noTime));
        for (EtcdKeys keys : new EtcdKeys[] {values, namespace}) {
            calls.put("namespace of " + keys, () -> keys.namespace(noText));
            calls.put("binary namespace of " + keys, () -> keys.namespace(noKey));
            calls.put("value key of " + keys, () -> keys.value(noText, Codec.utf8()));
            calls.put("value binary key of " + keys, () -> keys.value(noKey, Codec.utf8()));
            calls.put("value codec of " + keys, () -> keys.value("a", noCodec));
            calls.put("binary value codec of " + keys, () -> keys.value(key, noCodec));
            calls.put("read-only value key of " + keys, () -> keys.value(noText, READ_ONLY));
            calls.put("value decoder of " + keys, () -> keys.value("a", noDecoder));
            calls.put("prefix of " + keys, () -> keys.prefix(noText, Codec.utf8()));
            calls.put("binary prefix of " + keys, () -> keys.prefix(noKey, Codec.utf8()));
            calls.put("read-only prefix of " + keys, () -> keys.prefix(noKey, READ_ONLY));
            calls.put("prefix codec of " + keys, () -> keys.prefix("a", noCodec));
            calls.put("prefix decoder of " + keys, () -> keys.prefix("a", noDecoder));
            calls.put("range from of " + keys, () -> keys.range(noText, "b", Codec.utf8()));
            calls.put("range to of " + keys, () -> keys.range("a", noText, Codec.utf8()));
            calls.put("binary range from of " + keys, () -> keys.range(noKey, key, READ_ONLY));
            calls.put("binary range to of " + keys, () -> keys.range(key, noKey, READ_ONLY));
            calls.put("range codec of " + keys, () -> keys.range("a", "b", noCodec));
            calls.put("range decoder of " + keys, () -> keys.range("a", "b", noDecoder));
        }
        calls.put("set", () -> value.set(null));
        calls.put("orElse", () -> value.orElse(null));
        calls.put("await condition", () -> value.await((Predicate<Object>) null));
        calls.put("map", () -> value.map(null));
        calls.put("at", () -> range.at(noText));
        calls.put("binary at", () -> range.at(noKey));
        calls.put("Key of a text", () -> Key.of(noText));
        calls.put("Key of bytes", () -> Key.of((byte[]) null));
        calls.put("utf8 encode", () -> Codec.utf8().encode(null));
        calls.put("bytes encode", () -> Codec.bytes().encode(null));
        calls.forEach(
                (what, call) -> assertThatThrownBy(call).as(what).isExactlyInstanceOf(NullPointerException.class));
    }

    @Test
    void anEmptyKeyIsRefused() {
        for (EtcdKeys keys : new EtcdKeys[] {values, namespace}) {
            assertEmpty(() -> keys.value("", Codec.utf8()));
            assertEmpty(() -> keys.value(Key.of(new byte[0]), READ_ONLY));
            assertEmpty(() -> keys.namespace(""));
            assertEmpty(() -> keys.range("", "b", Codec.utf8()));
            assertEmpty(() -> keys.range("a", "", Codec.utf8()));
            assertEmpty(() -> keys.prefix("", Codec.utf8()).at(""));
            assertEmpty(() -> keys.prefix("", READ_ONLY).at(""));
        }
    }

    private static void assertEmpty(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void anEndThatIsNotAboveTheFirstKeyIsRefusedNamingBoth() {
        assertThatThrownBy(() -> values.range("beta", "alpha", Codec.utf8()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"beta\"")
                .hasMessageContaining("\"alpha\"");
        assertThatThrownBy(() -> namespace.range("same", "same", READ_ONLY))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"same\"");
    }

    @Test
    void theEndsOfARangeAreComparedAsUnsignedBytes() {
        Key low = Key.of(new byte[] {0x7f});
        Key high = Key.of(new byte[] {(byte) 0x80});
        assertThatCode(() -> values.range(low, high, Codec.bytes())).doesNotThrowAnyException();
        assertThatThrownBy(() -> values.range(high, low, Codec.bytes()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\\x80");
    }

    @Test
    void aKeyOutsideOfARangeIsRefusedNamingBoth() {
        assertThatThrownBy(() -> range.at("q"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"q\"")
                .hasMessageContaining("p/");
        assertThatThrownBy(() -> values.range("a", "b", Codec.utf8()).at("b"))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> range.at("p/")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "localhost:2379",
                "127.0.0.1:2379",
                "http://",
                "http://localhost",
                "http://:2379",
                "http://localhost:0",
                "http://localhost:65536",
                "http://localhost:port",
                "http://localhost:2379/v3",
                "http://localhost:2379?a=b",
                "http://localhost:2379#a",
                "ftp://localhost:2379",
                "http://local host:2379",
                "http://a:2379,http://b:2379",
                "unix:///run/etcd.sock"
            })
    void aMalformedEndpointIsRefusedWithTheTextAndTheExpectedForm(String endpoint) {
        assertThatThrownBy(() -> EtcdValues.connect(endpoint))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + endpoint + "\"")
                .hasMessageContaining("http://HOST:PORT");
    }

    @Test
    void aPasswordInAnEndpointIsNotRepeated() {
        assertThatThrownBy(() -> EtcdValues.connect("http://root:secret@localhost:2379"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost:2379")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> EtcdValues.connect("http://root:sec/ret@localhost:2379"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("ret@");
        assertThatThrownBy(() -> EtcdValues.connect("root:secret@localhost:2379"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:2379", "http://[::1]:2379", "HTTP://localhost:2379/", " http://etcd-0.etcd:1 "
            })
    void aWellFormedEndpointIsTaken(String endpoint) {
        EtcdValues.connect(endpoint).close();
    }

    @Test
    void noEndpointAtAllIsRefused() {
        assertThatThrownBy(EtcdValues::connect)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://127.0.0.1:2379");
        assertThatThrownBy(() -> EtcdValues.builder().build())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://127.0.0.1:2379");
    }

    @Test
    void settingsOutOfTheirBoundsAreRefused() {
        EtcdValues.Builder builder = EtcdValues.builder();
        Duration second = Duration.ofSeconds(1);
        assertRefused(() -> builder.requestTimeout(Duration.ZERO), "PT0S");
        assertRefused(() -> builder.requestTimeout(second.negated()), "PT-1S");
        assertRefused(() -> builder.linger(second.negated()), "PT-1S");
        assertRefused(() -> builder.backoff(Duration.ZERO, second), "PT0S");
        assertRefused(() -> builder.backoff(second, Duration.ofMillis(1)), "PT0.001S");
        assertRefused(() -> builder.pageSize(0), "0");
        assertThatCode(() -> builder.linger(Duration.ZERO)).doesNotThrowAnyException();
    }

    private static void assertRefused(ThrowingCallable call, String number) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(number);
    }

    @Test
    void aTextThatIsNotUnicodeIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> value.set("secret \ud800"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> values.value("key \ud800", Codec.utf8()))
                .isExactlyInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void handlesSayWhatTheyAreFor() {
        assertThat(value.toString()).isEqualTo("EtcdValue[a]");
        assertThat(range.toString()).contains("p/");
        assertThat(values.toString()).contains("http://127.0.0.1:1");
    }
}
