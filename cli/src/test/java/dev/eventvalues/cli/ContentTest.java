package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ContentTest {
    @Test
    void textIsShownAsItIs() {
        assertThat(content("f\u00fcnf \u20ac = 5").line()).isEqualTo("f\u00fcnf \u20ac = 5");
    }

    @Test
    void lineBreaksAndTabsAreEscapedSoThatItIsOneLine() {
        assertThat(content("a\nb\r\n\tc").line()).isEqualTo("a\\nb\\r\\n\\tc");
    }

    @Test
    void backslashesAreDoubledSoThatNothingLooksLikeAnEscape() {
        assertThat(content("\\n\\x0a\\\\").line()).isEqualTo("\\\\n\\\\x0a\\\\\\\\");
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertThat(content("\u001b[31mred\u0007\u007f").line()).isEqualTo("\\x1b[31mred\\x07\\x7f");
    }

    @Test
    void bytesThatAreNotUtf8AreEscapedAndTheRestIsShown() {
        Content content = Content.of(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3});

        assertThat(content.line()).isEqualTo("a\\xffb\\xc3");
        assertThat(content.text()).isEmpty();
        assertThat(content.base64()).isEqualTo("Yf9iww==");
    }

    @Test
    void aKeyIsTheSameAsItsBytes() {
        assertThat(new Content(Key.of("k"))).isEqualTo(content("k"));
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
