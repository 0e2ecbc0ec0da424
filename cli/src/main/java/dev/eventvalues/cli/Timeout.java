package dev.eventvalues.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long to wait, such as {@code 5s}. */
final class Timeout implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        long number = Long.parseLong(matcher.group(1));
        if (number == 0) {
            throw wrong(text);
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("expected a number above 0 with ms, s or m, such as 5s, not '" + text + "'");
    }
}
