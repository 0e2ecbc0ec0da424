package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeoutTest {
    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "5s, PT5S", "1m, PT1M", "999999999m, PT16666666H39M"})
    void isANumberWithAUnit(String text, Duration expected) {
        assertThat(new Timeout().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5x", "-5s", "1.5s", "0s", "5 s", "1h", "10000000000s"})
    void isRefusedInAnyOtherFormWithTheText(String text) {
        assertThatThrownBy(() -> new Timeout().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("such as 5s, not '" + text + "'");
    }
}
