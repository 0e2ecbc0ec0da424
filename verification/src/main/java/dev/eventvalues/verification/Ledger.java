package dev.eventvalues.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The evidence of one kind there is so far, in a file of one JSON object a line. Whoever collects adds what came of each
 * piece of work as it ends, so a run that is broken off loses no more than the piece it was at, and the next one goes on
 * behind it.
 *
 * <p>One process at a time writes a ledger. Its methods may be called by several threads.
 */
public final class Ledger {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final List<Evidence> lines; // guarded by this

    private Ledger(Path file, List<Evidence> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Opens the ledger of a kind. */
    public static Ledger open(Kind kind) throws IOException {
        return open(directory(Sources.root()), kind);
    }

    /** Where a source tree keeps its ledgers. */
    static Path directory(Path root) {
        return root.resolve("verification/results");
    }

    static Ledger open(Path directory, Kind kind) throws IOException {
        Path file = directory.resolve(kind.written() + ".jsonl");
        List<Evidence> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(JSON.readValue(line, Evidence.class));
            }
        }
        return new Ledger(file, lines);
    }

    /** The first seed that was not tried yet on this subject. */
    public synchronized long next(Subject subject) {
        return lines.stream()
                .filter(line -> line.subject().equals(subject))
                .mapToLong(Evidence::end)
                .max()
                .orElse(1);
    }

    /** Writes down what came of some work, and makes one line of it and the line that it continues. */
    public synchronized void add(Evidence evidence) throws IOException {
        int before = 0;
        while (before < lines.size() && !evidence.continues(lines.get(before))) {
            before++;
        }
        if (before < lines.size()) {
            lines.set(before, lines.get(before).with(evidence));
        } else {
            lines.add(evidence);
        }
        write();
    }

    /** All there is, in the order it began. */
    public synchronized List<Evidence> lines() {
        return List.copyOf(lines);
    }

    private void write() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        StringBuilder text = new StringBuilder();
        for (Evidence line : lines) {
            text.append(JSON.writeValueAsString(line)).append('\n');
        }
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
