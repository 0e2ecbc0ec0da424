package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatTest {
    private static final Content KEY = content("a/b");
    private static final Content BINARY = Content.of(new byte[] {(byte) 0xff});

    @Nested
    class Text {
        @ParameterizedTest
        @EnumSource(names = {"PRESENT", "ADDED", "UPDATED"})
        void showsAValue(Event.Type type) {
            assertThat(line(new Event(type, KEY, content("1"), 7))).isEqualTo("a/b = 1");
        }

        @ParameterizedTest
        @EnumSource(names = {"PRESENT", "ADDED", "UPDATED"})
        void tellsAnEmptyValueFromNone(Event.Type type) {
            assertThat(line(new Event(type, KEY, content(""), 7))).isEqualTo("a/b is empty");
            assertThat(line(new Event(Event.Type.ABSENT, KEY, null, 7))).isEqualTo("a/b is absent");
        }

        @Test
        void showsARemoval() {
            assertThat(line(new Event(Event.Type.REMOVED, KEY, null, 7))).isEqualTo("a/b removed");
        }

        @Test
        void showsThatThereIsNoKey() {
            assertThat(line(new Event(Event.Type.NONE, content("a/"), null, 7))).isEqualTo("no key begins with \"a/\"");
        }

        @Test
        void isOneLineWhateverKeyAndValueAre() {
            assertThat(line(new Event(Event.Type.ADDED, content("a\nb"), content("c\nd"), 7)))
                    .isEqualTo("a\\nb = c\\nd");
        }

        private static String line(Event event) {
            return Format.TEXT.line(event);
        }
    }

    @Nested
    class Json {
        @ParameterizedTest
        @EnumSource(names = {"PRESENT", "ADDED", "UPDATED"})
        void hasTypeKeyValueAndRevision(Event.Type type) {
            assertThat(line(new Event(type, KEY, content("1"), 7)))
                    .isEqualTo("{\"type\":\"" + type.name().toLowerCase(Locale.ROOT)
                            + "\",\"key\":\"a/b\",\"value\":\"1\",\"revision\":7}");
        }

        @Test
        void hasAnEmptyValueWhereThereIsOne() {
            assertThat(line(new Event(Event.Type.PRESENT, KEY, content(""), 7)))
                    .isEqualTo("{\"type\":\"present\",\"key\":\"a/b\",\"value\":\"\",\"revision\":7}");
        }

        @ParameterizedTest
        @EnumSource(names = {"REMOVED", "ABSENT"})
        void hasNoValueWhereThereIsNone(Event.Type type) {
            assertThat(line(new Event(type, KEY, null, 7)))
                    .isEqualTo("{\"type\":\"" + type.name().toLowerCase(Locale.ROOT)
                            + "\",\"key\":\"a/b\",\"revision\":7}");
        }

        @Test
        void namesThePrefixWhereThereIsNoKey() {
            assertThat(line(new Event(Event.Type.NONE, content("a/"), null, 7)))
                    .isEqualTo("{\"type\":\"absent\",\"prefix\":\"a/\",\"revision\":7}");
        }

        @Test
        void hasBytesThatAreNotTextInOtherFields() {
            assertThat(line(new Event(Event.Type.ADDED, BINARY, BINARY, 7)))
                    .isEqualTo("{\"type\":\"added\",\"keyBase64\":\"/w==\",\"valueBase64\":\"/w==\",\"revision\":7}");
        }

        @Test
        void isOneLineWhateverKeyAndValueAre() {
            assertThat(line(new Event(Event.Type.ADDED, content("\"a\n"), content("b\n\u0000"), 7)))
                    .isEqualTo("{\"type\":\"added\",\"key\":\"\\\"a\\n\",\"value\":\"b\\n\\u0000\",\"revision\":7}");
        }

        private static String line(Event event) {
            return Format.JSON.line(event);
        }
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
