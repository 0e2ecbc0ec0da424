package dev.eventvalues.verification.lincheck;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tries scenarios of one specification: {@code NAME FIRST COUNT INTERLEAVINGS}. Writes a line for each: its number,
 * how many interleavings there were, the scenario, and what went wrong or nothing, in Base64. Without arguments, the
 * specifications.
 */
public final class Models {
    private Models() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments.length == 0) {
            for (Specification each : Specification.values()) {
                out.println(each.name().toLowerCase(Locale.ROOT) + "\t" + each.sentence);
            }
            return;
        }
        Specification specification = Specification.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        long first = Long.parseLong(arguments[1]);
        long count = Long.parseLong(arguments[2]);
        int interleavings = Integer.parseInt(arguments[3]);
        Parking.makeVariable();
        Clock.makeMove();
        Rendezvous.prepare();
        for (long seed = first; seed - first < count; seed++) {
            Parking.endsForNoReason = seed % 2 == 0;
            Scenario scenario = specification.scenario(seed);
            String failure = scenario.failure(interleavings);
            out.println(String.join(
                    "\t",
                    String.valueOf(seed),
                    String.valueOf(Judge.judged()),
                    encoded(scenario.toString()),
                    encoded(failure)));
        }
        System.exit(0); // Lincheck's threads stay
    }

    private static String encoded(@Nullable String text) {
        return text == null ? "" : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
