package dev.eventvalues.verification.fuzzing;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What libFuzzer and Jazzer say of a run.
 *
 * @param executions how many inputs were tried
 * @param finding what was found; empty for nothing
 */
record FuzzLog(long executions, String finding) {
    private static final Pattern DONE = Pattern.compile("^Done (\\d+) runs in .*");
    private static final Pattern SO_FAR = Pattern.compile("^#(\\d+)\\s.*");
    private static final Pattern FINDING =
            Pattern.compile("\\s*(?:=> .*FuzzTestFindingException: |== Java Exception: |ERROR: libFuzzer: )(.*)");
    private static final Pattern INPUT = Pattern.compile(".*Test unit written to (.*)");

    static FuzzLog read(List<String> lines) {
        long executions = 0;
        String finding = "";
        String input = "";
        for (String line : lines) {
            Matcher done = DONE.matcher(line);
            Matcher soFar = SO_FAR.matcher(line);
            if (done.matches()) {
                executions = Long.parseLong(done.group(1));
            } else if (soFar.matches()) {
                executions = Math.max(executions, Long.parseLong(soFar.group(1)));
            }
            Matcher found = FINDING.matcher(line);
            finding = finding.isEmpty() && found.matches() ? found.group(1).strip() : finding;
            Matcher written = INPUT.matcher(line);
            input = written.matches() ? written.group(1).strip() : input;
        }
        return new FuzzLog(executions, input.isEmpty() ? finding : finding + " (input: " + input + ")");
    }
}
