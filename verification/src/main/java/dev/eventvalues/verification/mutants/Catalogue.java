package dev.eventvalues.verification.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mutants there are, from text files in {@code verification/mutants}:
 *
 * <pre>
 * mutant: close-wakes-nobody
 * flaw: M7
 * story: A call that waits is not woken when its watcher is closed.
 * file: core/src/main/java/dev/eventvalues/internal/Cursor.java
 * tests: NextTest#isWokenByClose, ...
 * was:
 *         call.wake();
 * becomes:
 * end
 * </pre>
 *
 * <p>The part from {@code was} to {@code end} may come several times. Lines between the mutants are comments.
 */
record Catalogue(List<Mutant> mutants) {
    Catalogue {
        mutants = List.copyOf(mutants);
    }

    /** Reads every file, in the order of their names. */
    static Catalogue read(Path directory) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                mutants.addAll(parse(Files.readAllLines(file)));
            }
        }
        Set<String> names = new HashSet<>();
        for (Mutant mutant : mutants) {
            if (!names.add(mutant.name())) {
                throw new IllegalArgumentException("two mutants are called " + mutant.name());
            }
        }
        return new Catalogue(mutants);
    }

    /** Those of these names; all if there are none. */
    List<Mutant> named(List<String> names) {
        List<Mutant> named = mutants.stream()
                .filter(mutant -> names.isEmpty() || names.contains(mutant.name()))
                .toList();
        if (!names.isEmpty() && named.size() != names.size()) {
            throw new IllegalArgumentException("not all of these are in the catalogue: " + names);
        }
        return named;
    }

    static List<Mutant> parse(List<String> lines) {
        List<Mutant> mutants = new ArrayList<>();
        Iterator<String> rest = lines.iterator();
        while (rest.hasNext()) {
            String line = rest.next();
            if (line.startsWith("mutant:")) {
                mutants.add(mutant(value("mutant", line), rest));
            }
        }
        return mutants;
    }

    private static Mutant mutant(String name, Iterator<String> rest) {
        String flaw = value("flaw", rest.next());
        String story = value("story", rest.next());
        String file = value("file", rest.next());
        List<String> tests = List.of(value("tests", rest.next()).split(", *"));
        List<Mutant.Edit> edits = new ArrayList<>();
        for (String line = rest.next(); line.equals("was:"); line = rest.hasNext() ? rest.next() : "") {
            String was = upTo("becomes:", rest);
            edits.add(new Mutant.Edit(was, upTo("end", rest)));
        }
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("mutant " + name + " changes nothing");
        }
        return new Mutant(name, flaw, story, file, edits, tests);
    }

    private static String value(String key, String line) {
        if (!line.startsWith(key + ":")) {
            throw new IllegalArgumentException("expected \"" + key + ": ...\", and found \"" + line + "\"");
        }
        return line.substring(key.length() + 1).strip();
    }

    private static String upTo(String end, Iterator<String> rest) {
        List<String> text = new ArrayList<>();
        for (String line = rest.next(); !line.equals(end); line = rest.next()) {
            text.add(line);
        }
        return String.join("\n", text);
    }
}
