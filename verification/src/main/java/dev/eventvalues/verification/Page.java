package dev.eventvalues.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that explains the evidence. Between a kind's markers stands what there is of it, written anew from its ledger. */
final class Page {
    private static final Pattern PLACE =
            Pattern.compile("(<!-- evidence: ([a-z-]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private Page() {}

    static void show(Path root) throws IOException {
        Path file = root.resolve("docs/reliability.md");
        Files.writeString(file, filled(Files.readString(file), root));
    }

    static String filled(String page, Path root) throws IOException {
        StringBuilder filled = new StringBuilder();
        Matcher place = PLACE.matcher(page);
        while (place.find()) {
            Kind kind = Kind.of(place.group(2));
            var lines = Ledger.open(Ledger.directory(root), kind).lines();
            String tables = lines.isEmpty()
                    ? "None is kept yet.\n"
                    : new Tables(lines, subject -> kind.isCurrent(root, subject)).markdown();
            place.appendReplacement(
                    filled, Matcher.quoteReplacement(place.group(1) + "\n" + tables + "\n" + place.group(3)));
        }
        return place.appendTail(filled).toString();
    }
}
