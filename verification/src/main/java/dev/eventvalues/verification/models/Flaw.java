package dev.eventvalues.verification.models;

import dev.eventvalues.verification.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A mistake one could make in the product. Whoever does not find it proves nothing.
 *
 * @param name what is wrong
 * @param file where, below {@code dev/eventvalues} of core
 * @param right the text there
 * @param wrong the text instead
 * @param finder which specification or race must find it
 */
record Flaw(String name, String file, String right, String wrong, String finder) {
    /** The file with the mistake; fails if the product no longer has the text just once. */
    String changed() throws IOException {
        String text = Files.readString(path());
        int place = text.indexOf(right);
        if (place < 0 || text.indexOf(right, place + 1) >= 0) {
            throw new IllegalStateException("the flaw \"" + name + "\" is out of date: " + file
                    + " does not have its text just once: " + right);
        }
        return text.substring(0, place) + wrong + text.substring(place + right.length());
    }

    /**
     * Compiles core with the mistake.
     *
     * @return the folder of the classes
     */
    Path compile() throws IOException {
        Path directory =
                Sources.root().resolve("verification/target/flaws").resolve(name.replaceAll("[^a-zA-Z]+", "-"));
        Path source = Files.createDirectories(directory.resolve("source")).resolve(path().getFileName());
        Files.writeString(source, changed());
        Path classes = Files.createDirectories(directory.resolve("classes")).toAbsolutePath();
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-g", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources())) {
            files.filter(each -> each.toString().endsWith(".java"))
                    .filter(each -> !each.endsWith("module-info.java") && !each.equals(path()))
                    .forEach(each -> arguments.add(each.toString()));
        }
        arguments.add(source.toString());
        compile(arguments);
        return classes;
    }

    private static Path sources() {
        return Sources.root().resolve("core/src/main/java");
    }

    private Path path() {
        return sources().resolve("dev/eventvalues").resolve(file);
    }

    private void compile(List<String> arguments) {
        @Nullable JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("flaws are compiled: this needs a JDK, not only a JRE");
        }
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the flaw \"" + name + "\" does not compile");
        }
    }
}
