package dev.eventvalues.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which sources are measured, if they are a checkout of git. */
final class Revision {
    private Revision() {}

    /** The commit, with "changed" if the sources differ from it; what a run writes does not count. */
    static String of(Path root) throws IOException, InterruptedException {
        Optional<String> commit = git(root, "rev-parse", "--short=12", "HEAD");
        Optional<String> changes = git(root, "status", "--porcelain", "--", ".", ":!benchmarks/results", ":!docs");
        return commit.map(id -> id + (changes.orElse("").isEmpty() ? "" : ", changed"))
                .orElse("unknown");
    }

    private static Optional<String> git(Path root, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git;
        try {
            git = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty(); // there is no git
        }
        String answer;
        try (InputStream out = git.getInputStream()) {
            answer = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        return git.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
    }
}
