package dev.eventvalues.verification.mutants;

import java.util.List;

/**
 * The product with one flaw.
 *
 * @param name what it is called
 * @param flaw which known flaw it is
 * @param story what is wrong with it, in a sentence
 * @param file the source that is changed, from the root of the source tree
 * @param edits what is changed in it
 * @param tests which tests must notice, such as {@code etcd.state.SpanTest#name}; the package is below {@code dev.eventvalues}
 */
record Mutant(String name, String flaw, String story, String file, List<Edit> edits, List<String> tests) {
    Mutant {
        edits = List.copyOf(edits);
        tests = List.copyOf(tests);
    }

    /**
     * One change of a source.
     *
     * @param was what is taken out; it must be there exactly once
     * @param becomes what is put in its place
     */
    record Edit(String was, String becomes) {}

    /** The module whose sources are changed. */
    String module() {
        return file.substring(0, file.indexOf('/'));
    }

    boolean changesAConstant() {
        return edits.stream().anyMatch(edit -> (edit.was() + edit.becomes()).contains("static final"));
    }

    /** The source with the flaw. */
    String applied(String source) {
        String flawed = source;
        for (Edit edit : edits) {
            int first = flawed.indexOf(edit.was());
            if (first < 0 || flawed.indexOf(edit.was(), first + 1) >= 0) {
                throw new IllegalStateException("mutant " + name + " does not apply: what it changes is "
                        + (first < 0 ? "not" : "more than once") + " in " + file + ":\n" + edit.was());
            }
            flawed = flawed.replace(edit.was(), edit.becomes());
        }
        return flawed;
    }
}
