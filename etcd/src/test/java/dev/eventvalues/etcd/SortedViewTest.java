package dev.eventvalues.etcd;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.eventvalues.etcd.state.Tree;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JdkObsolete") // a SortedMap is all that is promised
class SortedViewTest {
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final Key C = Key.of("c");

    private final SortedMap<Key, String> empty = viewOf(Map.of());
    private final SortedMap<Key, String> abc = viewOf(Map.of(A, "1", B, "2", C, "3"));

    /** The tree holds stored values, the view shows texts. */
    private record Stored(String text) {}

    private static SortedMap<Key, String> viewOf(Map<Key, String> content) {
        Tree<Stored> tree = Tree.empty();
        for (Map.Entry<Key, String> entry : content.entrySet()) {
            tree = tree.put(entry.getKey(), new Stored(entry.getValue()));
        }
        return SortedView.of(tree, Stored::text);
    }

    @Nested
    class Content {
        @Test
        void valuesAreWhatTheFunctionMakesOfTheTrees() {
            assertThat(abc).containsExactly(entry(A, "1"), entry(B, "2"), entry(C, "3"));
            assertThat(abc.get(B)).isEqualTo("2");
            assertThat(abc.values()).containsExactly("1", "2", "3");
        }

        @Test
        void anAbsentKeyHasNoValue() {
            assertThat(abc.get(Key.of("d"))).isNull();
            assertThat(abc.containsKey(Key.of("d"))).isFalse();
            assertThat(abc.getOrDefault(Key.of("d"), "none")).isEqualTo("none");
        }

        @Test
        void theOrderIsTheNaturalOne() {
            assertThat(abc.comparator()).isNull();
        }

        @Test
        void anEmptyMapHasNoFirstAndNoLastKey() {
            assertThat(empty).isEmpty();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::firstKey);
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::lastKey);
        }

        @Test
        void aViewEqualsAnyMapOfTheSameContent() {
            Map<Key, String> plain = new HashMap<>(abc);
            assertThat(abc.equals(plain)).isTrue();
            assertThat(plain.equals(abc)).isTrue();
            assertThat(abc).hasSameHashCodeAs(plain);
            assertThat(abc.equals(empty)).isFalse();
            Map<?, ?> texts = Map.of("a", "1");
            assertThat(abc.headMap(B).equals(texts)).isFalse();
            assertThat(texts.equals(abc.headMap(B))).isFalse();
        }

        @Test
        void anEntryIsContainedIfItsKeyHasItsValue() {
            assertThat(abc.entrySet().contains(entry(A, "1"))).isTrue();
            assertThat(abc.entrySet().contains(entry(A, "2"))).isFalse();
            assertThat(abc.entrySet().contains(entry(Key.of("d"), "1"))).isFalse();
        }

        @ParameterizedTest(name = "seed {0}")
        @ValueSource(longs = {1, 2, 3, 4})
        void everyAnswerIsThatOfAJavaTreeMap(long seed) {
            Random random = new Random(seed);
            for (int round = 0; round < 300; round++) {
                TreeMap<Key, String> content = new TreeMap<>();
                for (int i = random.nextInt(40); i > 0; i--) {
                    content.put(randomKey(random), "value " + i);
                }
                compare(content, viewOf(content), random, "seed " + seed + ", round " + round);
            }
        }

        private static void compare(
                SortedMap<Key, String> expected, SortedMap<Key, String> view, Random random, String where) {
            Key key = randomKey(random);
            assertThat(List.copyOf(view.entrySet())).as(where).isEqualTo(List.copyOf(expected.entrySet()));
            assertThat(List.copyOf(view.keySet())).as(where).isEqualTo(List.copyOf(expected.keySet()));
            assertThat(List.copyOf(view.values())).as(where).isEqualTo(List.copyOf(expected.values()));
            assertThat(view).as(where).hasSize(expected.size()).isEqualTo(expected);
            assertThat(view.get(key)).as(where).isEqualTo(expected.get(key));
            assertThat(view.containsKey(key)).as(where).isEqualTo(expected.containsKey(key));
            assertThat(outcome(view::firstKey)).as(where).isEqualTo(outcome(expected::firstKey));
            assertThat(outcome(view::lastKey)).as(where).isEqualTo(outcome(expected::lastKey));
            UnaryOperator<SortedMap<Key, String>> part = randomPart(random);
            Object expectedPart = outcome(() -> part.apply(expected));
            assertThat(outcome(() -> part.apply(view))).as(where).isEqualTo(expectedPart);
            if (expectedPart instanceof SortedMap<?, ?>) {
                compare(part.apply(expected), part.apply(view), random, where + ", a part");
            }
        }

        private static UnaryOperator<SortedMap<Key, String>> randomPart(Random random) {
            Key from = randomKey(random);
            Key to = randomKey(random);
            return switch (random.nextInt(3)) {
                case 0 -> map -> map.headMap(to);
                case 1 -> map -> map.tailMap(from);
                default -> map -> map.subMap(from, to);
            };
        }

        /** What a call returned, or the class of what it threw. */
        private static Object outcome(Supplier<?> call) {
            try {
                return call.get();
            } catch (NoSuchElementException | IllegalArgumentException e) {
                return e.getClass();
            }
        }

        private static Key randomKey(Random random) {
            return Key.of("k" + (char) ('a' + random.nextInt(26)));
        }
    }

    @Nested
    class Parts {
        @Test
        void aPartHasTheKeysFromItsBeginUpToButNotIncludingItsEnd() {
            assertThat(abc.headMap(B)).containsExactly(entry(A, "1"));
            assertThat(abc.tailMap(B)).containsExactly(entry(B, "2"), entry(C, "3"));
            assertThat(abc.subMap(B, C)).containsExactly(entry(B, "2"));
            assertThat(abc.subMap(B, B)).isEmpty();
        }

        @Test
        void aKeyOutsideThePartIsAbsentFromIt() {
            assertThat(abc.headMap(B).get(B)).isNull();
            assertThat(abc.tailMap(B).containsKey(A)).isFalse();
        }

        @Test
        void aBoundOutsideThePartIsRefused() {
            SortedMap<Key, String> part = abc.subMap(A, C);
            Key d = Key.of("d");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> part.headMap(d))
                    .withMessage("'d' is not within the range of this map, from 'a' to 'c'");
            assertThatIllegalArgumentException().isThrownBy(() -> part.tailMap(d));
            assertThatIllegalArgumentException().isThrownBy(() -> part.subMap(Key.of("A"), B));
            assertThat(part.headMap(C)).isEqualTo(part);
        }

        @Test
        void aPartThatEndsBeforeItBeginsIsRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> abc.subMap(B, A));
        }

        @Test
        void aNullBoundIsRefused() {
            assertThatNullPointerException().isThrownBy(() -> abc.headMap(null));
            assertThatNullPointerException().isThrownBy(() -> abc.tailMap(null));
            assertThatNullPointerException().isThrownBy(() -> abc.subMap(A, null));
            assertThatNullPointerException().isThrownBy(() -> abc.subMap(null, A));
        }
    }

    @Nested
    class Lookups {
        private final Object text = "a";

        @Test
        void aTextIsRefusedRatherThanNeverFound() {
            assertThatExceptionOfType(ClassCastException.class)
                    .isThrownBy(() -> abc.get(text))
                    .withMessageContaining("java.lang.String")
                    .withMessageContaining("Key.of");
            assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> abc.containsKey(text));
            assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> empty.get(text));
            assertThatExceptionOfType(ClassCastException.class)
                    .isThrownBy(() -> abc.headMap(B).get(text));
            assertThatExceptionOfType(ClassCastException.class)
                    .isThrownBy(() -> abc.keySet().contains(text));
        }

        @Test
        void nullIsRefused() {
            assertThatNullPointerException().isThrownBy(() -> abc.get(null));
            assertThatNullPointerException().isThrownBy(() -> abc.containsKey(null));
        }
    }

    @Nested
    class Changes {
        static Stream<Named<Consumer<SortedMap<Key, String>>>> attempts() {
            return Stream.of(
                    Named.of("put", map -> map.put(A, "x")),
                    Named.of("putAll", map -> map.putAll(Map.of())),
                    Named.of("putIfAbsent", map -> map.putIfAbsent(A, "x")),
                    Named.of("remove", map -> map.remove(Key.of("absent"))),
                    Named.of("remove if", map -> map.remove(A, "x")),
                    Named.of("replace", map -> map.replace(A, "x")),
                    Named.of("replace if", map -> map.replace(A, "x", "y")),
                    Named.of("replaceAll", map -> map.replaceAll((key, value) -> value)),
                    Named.of("compute", map -> map.compute(A, (key, value) -> value)),
                    Named.of("computeIfAbsent", map -> map.computeIfAbsent(A, key -> "x")),
                    Named.of("computeIfPresent", map -> map.computeIfPresent(A, (key, value) -> value)),
                    Named.of("merge", map -> map.merge(A, "x", String::concat)),
                    Named.of("clear", Map::clear),
                    Named.of("keySet.remove", map -> map.keySet().remove(A)),
                    Named.of("keySet.clear", map -> map.keySet().clear()),
                    Named.of("values.remove", map -> map.values().remove("1")),
                    Named.of("values.removeIf", map -> map.values().removeIf(value -> true)),
                    Named.of("entrySet.clear", map -> map.entrySet().clear()),
                    Named.of("headMap.put", map -> map.headMap(B).put(A, "x")),
                    Named.of("headMap.clear", map -> map.headMap(B).clear()));
        }

        @ParameterizedTest
        @MethodSource("attempts")
        void areRefusedEvenWhereTheyWouldChangeNothing(Consumer<SortedMap<Key, String>> attempt) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> attempt.accept(abc));
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> attempt.accept(empty));
        }

        @Test
        void throughAnIteratorOrAnEntryAreRefused() {
            for (Collection<?> part : List.of(abc.entrySet(), abc.keySet(), abc.values())) {
                Iterator<?> iterator = part.iterator();
                iterator.next();
                assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(iterator::remove);
            }
            Map.Entry<Key, String> first = abc.entrySet().iterator().next();
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> first.setValue("x"));
        }
    }

    @Nested
    class Text {
        private final SortedMap<Key, String> secrets = viewOf(Map.of(A, "secret", B, "secret"));

        @Test
        void aMapReadsAsTheNumberOfItsKeys() {
            assertThat(secrets.toString()).isEqualTo("{2 keys}");
            assertThat(secrets.headMap(B).toString()).isEqualTo("{1 key}");
            assertThat(empty.toString()).isEqualTo("{0 keys}");
        }

        @Test
        void noPartOfItShowsAValue() {
            assertThat(List.of(
                            secrets.entrySet().toString(),
                            secrets.values().toString(),
                            secrets.keySet().toString(),
                            secrets.entrySet().iterator().next().toString(),
                            secrets.tailMap(A).values().toString()))
                    .containsExactly("{2 keys}", "{2 keys}", "[a, b]", "a=?", "{2 keys}");
        }
    }
}
