package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTest {
    private static Key bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Key.of(bytes);
    }

    @Nested
    class Bytes {
        @Test
        void aTextIsSpelledInUtf8() {
            assertThat(Key.of("grün/€/😀").bytes()).isEqualTo("grün/€/😀".getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void changingTheArrayGivenChangesNoKey() {
            byte[] given = {1, 2};
            Key key = Key.of(given);
            given[0] = 9;
            assertThat(key).isEqualTo(bytes(1, 2));
        }

        @Test
        void changingTheArrayReturnedChangesNoKey() {
            Key key = bytes(1, 2);
            key.bytes()[0] = 9;
            assertThat(key).isEqualTo(bytes(1, 2));
        }

        @Test
        void theLengthCountsBytesNotCharacters() {
            assertThat(Key.of("€").length()).isEqualTo(3);
        }

        @Test
        void anEmptyKeyCanBeMade() {
            assertThat(Key.of("").length()).isZero();
            assertThat(Key.of("")).isEqualTo(bytes()).hasToString("");
        }

        @Test
        void halfASurrogatePairIsRefusedRatherThanTurnedIntoAQuestionMark() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Key.of("a\ud83d"))
                    .withMessageContaining("surrogate");
        }

        @Test
        void nullIsRefused() {
            assertThatNullPointerException().isThrownBy(() -> Key.of((String) null));
            assertThatNullPointerException().isThrownBy(() -> Key.of((byte[]) null));
            assertThatNullPointerException().isThrownBy(() -> Key.of("a").startsWith(null));
            assertThatNullPointerException().isThrownBy(() -> Key.of("a").compareTo(null));
        }
    }

    @Nested
    class Equality {
        @Test
        void keysOfTheSameBytesAreEqualHoweverTheyWereMade() {
            assertThat(Key.of("a/b")).isEqualTo(bytes('a', '/', 'b')).hasSameHashCodeAs(bytes('a', '/', 'b'));
        }

        @Test
        void keysOfOtherBytesAreNotEqual() {
            assertThat(Key.of("a")).isNotEqualTo(Key.of("b")).isNotEqualTo(Key.of("a/"));
        }

        @Test
        void aKeyIsNotEqualToItsText() {
            assertThat((Object) Key.of("a")).isNotEqualTo("a");
        }
    }

    @Nested
    class Order {
        @Test
        void bytesCompareUnsigned() {
            assertThat(bytes(0x7f)).isLessThan(bytes(0x80));
            assertThat(bytes(0x00)).isLessThan(bytes(0xff));
        }

        @Test
        void aKeyComesBeforeItsExtensions() {
            assertThat(Key.of("")).isLessThan(bytes(0));
            assertThat(Key.of("a")).isLessThan(bytes('a', 0)).isLessThan(Key.of("a/b"));
        }

        @Test
        void textOutsideTheBasicPlaneComesAfterAllOthersUnlikeInAString() {
            assertThat("😀").isLessThan("\uffee");
            assertThat(Key.of("😀")).isGreaterThan(Key.of("\uffee"));
        }

        @Test
        void equalKeysCompareAsZero() {
            assertThat(Key.of("a")).isEqualByComparingTo(bytes('a'));
        }
    }

    @Nested
    class Prefixes {
        @ParameterizedTest(name = "\"{0}\" starts with \"{1}\": {2}")
        @CsvSource({
            "a/b, a/, true",
            "a/b, a/b, true",
            "a/b, '', true",
            "'', '', true",
            "a/b, b, false",
            "a/b, a/b/, false",
            "'', a, false"
        })
        void aKeyStartsWithWhatItsBytesStartWith(String key, String prefix, boolean starts) {
            assertThat(Key.of(key).startsWith(Key.of(prefix))).isEqualTo(starts);
        }
    }

    @Nested
    class Text {
        @Test
        void utf8ReadsAsItIs() {
            assertThat(Key.of("services/grün/€ 😀")).hasToString("services/grün/€ 😀");
        }

        @Test
        void whatIsNotUtf8ReadsAsEscapedBytes() {
            assertThat(bytes('a', 0xff, 'b')).hasToString("a\\xffb");
            assertThat(bytes(0xe2, 0x82)).hasToString("\\xe2\\x82"); // the euro sign, cut off
            assertThat(bytes(0xc0, 0x80)).hasToString("\\xc0\\x80"); // a zero spelled longer than it may be
            assertThat(bytes(0xed, 0xa0, 0x80)).hasToString("\\xed\\xa0\\x80"); // half of a surrogate pair
            assertThat(bytes(0xf4, 0x90, 0x80, 0x80)).hasToString("\\xf4\\x90\\x80\\x80"); // beyond Unicode
        }

        @Test
        void controlCharactersReadAsEscapedBytesSoThatALogLineStaysOne() {
            assertThat(Key.of("a\nb\0\u007f")).hasToString("a\\x0ab\\x00\\x7f");
            assertThat(Key.of("\u0085")).hasToString("\\xc2\\x85"); // "next line", two bytes
        }

        @Test
        void aBackslashIsDoubledSoThatItIsNotTakenForAnEscape() {
            assertThat(Key.of("\\x00")).hasToString("\\\\x00");
        }

        @Test
        void differentKeysNeverReadTheSame() {
            Random random = new Random(7);
            int[] alphabet = {0, '\n', '\\', 'x', '0', 'a', 0x82, 0xac, 0xc2, 0xe2, 0xf0, 0xff};
            Map<String, Key> byText = new HashMap<>();
            for (int i = 0; i < 100_000; i++) {
                int length = random.nextInt(8);
                Key key = bytes(random.ints(length, 0, alphabet.length)
                        .map(at -> alphabet[at])
                        .toArray());
                Key other = byText.putIfAbsent(key.toString(), key);
                assertThat(other == null || other.equals(key))
                        .as(key.toString())
                        .isTrue();
            }
        }
    }
}
