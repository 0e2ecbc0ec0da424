package dev.eventvalues.verification.models;

import dev.eventvalues.verification.Sources;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a module beside this one, run in a JVM of its own: the JDK is this JVM's.
 *
 * @param module the folder below {@code verification}
 * @param jar the name of its jar
 * @param mainClass what to run
 */
record Program(String module, String jar, String mainClass) {
    static final Program LINCHECK = new Program("lincheck", "models", "dev.eventvalues.verification.lincheck.Models");
    static final Program JCSTRESS = new Program("jcstress", "races", "dev.eventvalues.verification.jcstress.Races");

    /**
     * Starts it.
     *
     * @param instead classes that take the place of the product's; null for none
     * @param what names its log
     * @param arguments for the program
     */
    Process start(@Nullable Path instead, String what, List<String> arguments) throws IOException {
        Path target = folder().resolve("target");
        if (!Files.exists(target.resolve(jar + ".jar"))) {
            throw new IllegalStateException(target + " has no " + jar + ".jar: start this with ./prove");
        }
        String classPath =
                String.join(File.pathSeparator, target.resolve(jar + ".jar").toString(), target.resolve("lib") + "/*");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Newer JVMs warn of what the tools do; 17 does not know the last of these options.
        command.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(
                List.of("-cp", instead == null ? classPath : instead + File.pathSeparator + classPath, mainClass));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(folder().resolve("target").toFile())
                .redirectError(log(what).toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    /** What the program said that is no result. */
    Path log(String what) throws IOException {
        return Files.createDirectories(folder().resolve("target")).resolve(jar + "-" + what + ".log");
    }

    Path folder() {
        return Sources.root().resolve("verification").resolve(module).toAbsolutePath();
    }
}
