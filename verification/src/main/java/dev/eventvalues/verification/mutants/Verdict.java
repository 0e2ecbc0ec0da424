package dev.eventvalues.verification.mutants;

/**
 * What became of a mutant.
 *
 * @param mutant which
 * @param outcome the end of it
 * @param by the test that noticed it first, with what it said; or why it could not be tried
 */
record Verdict(Mutant mutant, Outcome outcome, String by) {
    /** The end of a mutant. */
    enum Outcome {
        /** A test has noticed it. */
        KILLED,
        /** No test has. */
        SURVIVED,
        /** It is not Java, so that nothing is known of it. */
        NOT_JAVA
    }

    boolean isKilled() {
        return outcome == Outcome.KILLED;
    }

    /** The name of the test alone. */
    String test() {
        return by.lines().findFirst().orElse("").replaceAll(": .*", "");
    }

    @Override
    public String toString() {
        return switch (outcome) {
            case KILLED -> "killed by " + by;
            case SURVIVED -> "SURVIVED " + String.join(", ", mutant.tests());
            case NOT_JAVA -> "DOES NOT COMPILE: " + by;
        };
    }
}
