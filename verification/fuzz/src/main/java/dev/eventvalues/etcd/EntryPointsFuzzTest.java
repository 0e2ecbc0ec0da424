package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Tree;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Whatever is given to the public entry points: it is taken for what it is, or refused as the documentation says. */
class EntryPointsFuzzTest {
    private static final EtcdValues CLIENT = EtcdValues.connect("http://127.0.0.1:1"); // connects at the first use

    @FuzzTest
    void anyBytesAsAKey(FuzzedDataProvider data) {
        byte[] bytes = data.consumeBytes(data.consumeInt(0, 40));
        byte[] others = data.consumeRemainingAsBytes();
        Key key = Key.of(bytes);
        Key other = Key.of(others);
        assertThat(key.bytes()).isEqualTo(bytes);
        assertThat(key.length()).isEqualTo(bytes.length);
        assertThat(Integer.signum(key.compareTo(other)))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(bytes, others)));
        assertThat(key.equals(other)).isEqualTo(Arrays.equals(bytes, others));
        assertThat(key.toString().equals(other.toString())).isEqualTo(Arrays.equals(bytes, others));
        assertThat(key.toString()).doesNotContain("\n", "\r");
        boolean prefixed = others.length <= bytes.length && Arrays.equals(others, Arrays.copyOf(bytes, others.length));
        assertThat(key.startsWith(other)).isEqualTo(prefixed);
        assertThat(Span.prefix(other).contains(key)).isEqualTo(prefixed);
    }

    @FuzzTest
    void anyTextAsAKey(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        boolean unicode = StandardCharsets.UTF_8.newEncoder().canEncode(text);
        if (unicode) {
            assertThat(Key.of(text).bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> Key.of(text));
        }
    }

    @FuzzTest
    void anyTwoKeysAsARange(FuzzedDataProvider data) {
        Key from = Key.of(data.consumeBytes(data.consumeInt(0, 5)));
        Key to = Key.of(data.consumeBytes(data.consumeInt(0, 5)));
        Key key = Key.of(data.consumeBytes(data.consumeInt(0, 5)));
        boolean good = from.length() > 0 && to.length() > 0 && from.compareTo(to) < 0;
        if (!good) {
            assertThatIllegalArgumentException().isThrownBy(() -> CLIENT.range(from, to, Codec.bytes()));
            return;
        }
        CLIENT.range(from, to, Codec.bytes());
        Span span = new Span(from, to);
        assertThat(span.contains(key)).isEqualTo(from.compareTo(key) <= 0 && key.compareTo(to) < 0);
        assertThat(span.contains(from)).isTrue();
        assertThat(span.contains(to)).isFalse();
    }

    @FuzzTest
    void anyBytesAsAText(FuzzedDataProvider data) throws Exception {
        byte[] bytes = data.consumeRemainingAsBytes();
        try {
            String text = Codec.utf8().decode(Key.of("k"), bytes.clone());
            assertThat(Codec.utf8().encode(text)).isEqualTo(bytes);
        } catch (CharacterCodingException e) {
            assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\ufffd");
        }
        assertThat(Codec.bytes().decode(Key.of("k"), bytes.clone())).isEqualTo(bytes);
    }

    @FuzzTest
    void anySettings(FuzzedDataProvider data) {
        String[] urls = new String[data.consumeInt(0, 3)];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = (data.consumeBoolean() ? "http://" : "") + data.consumeString(30);
        }
        String namespace = data.consumeRemainingAsString();
        try {
            EtcdValues.builder().endpoints(urls).namespace(namespace).build().close();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }

    @FuzzTest
    void aPartOfASnapshotIsThatOfAMap(FuzzedDataProvider data) {
        Tree<String> tree = Tree.empty();
        SortedMap<Key, String> model = new TreeMap<>();
        for (int i = data.consumeInt(0, 30); i > 0; i--) {
            Key key = Key.of(data.consumeBytes(2));
            tree = tree.put(key, "v" + i);
            model.put(key, "v" + i);
        }
        SortedMap<Key, String> view = SortedView.of(tree, Function.identity());
        for (int i = 0; i < 3 && data.remainingBytes() > 0; i++) {
            Key one = Key.of(data.consumeBytes(2));
            Key other = Key.of(data.consumeBytes(2));
            Function<SortedMap<Key, String>, SortedMap<Key, String>> part =
                    List.<Function<SortedMap<Key, String>, SortedMap<Key, String>>>of(
                                    map -> map.headMap(one), map -> map.tailMap(one), map -> map.subMap(one, other))
                            .get(data.consumeInt(0, 2));
            SortedMap<Key, String> expected;
            try {
                expected = part.apply(model);
            } catch (IllegalArgumentException e) {
                SortedMap<Key, String> whole = view;
                assertThatIllegalArgumentException().isThrownBy(() -> part.apply(whole));
                return;
            }
            view = part.apply(view);
            model = expected;
            assertThat(List.copyOf(view.entrySet())).isEqualTo(List.copyOf(model.entrySet()));
            assertThat(view.size()).isEqualTo(model.size());
            assertThat(view.get(one)).isEqualTo(model.get(one));
            assertThat(view.isEmpty() ? null : view.firstKey()).isEqualTo(model.isEmpty() ? null : model.firstKey());
            assertThat(view.isEmpty() ? null : view.lastKey()).isEqualTo(model.isEmpty() ? null : model.lastKey());
        }
    }
}
