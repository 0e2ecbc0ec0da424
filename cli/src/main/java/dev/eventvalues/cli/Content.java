package dev.eventvalues.cli;

import dev.eventvalues.etcd.Key;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a key or of a value, to be shown.
 *
 * @param bytes immutable, and comparable
 */
record Content(Key bytes) {
    private static final Pattern ESCAPED = Pattern.compile("\\\\(\\\\|x0a|x0d|x09)");

    static Content of(byte[] bytes) {
        return new Content(Key.of(bytes));
    }

    boolean isEmpty() {
        return bytes.length() == 0;
    }

    /** The text, if it is one in UTF-8. */
    Optional<String> text() {
        try {
            ByteBuffer utf8 = ByteBuffer.wrap(bytes.bytes());
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes.bytes());
    }

    /**
     * One line that no other content has: text as it is, a backslash doubled, line breaks and tabs as {@code \n},
     * {@code \r} and {@code \t}, and each byte of other control characters and of what is not UTF-8 as {@code \xNN}.
     */
    String line() {
        return ESCAPED.matcher(bytes.toString())
                .replaceAll(match -> Matcher.quoteReplacement(
                        switch (match.group(1)) {
                            case "x0a" -> "\\n";
                            case "x0d" -> "\\r";
                            case "x09" -> "\\t";
                            default -> match.group();
                        }));
    }

    /** For messages. */
    @Override
    public String toString() {
        return line();
    }
}
