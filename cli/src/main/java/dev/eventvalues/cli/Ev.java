package dev.eventvalues.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code ev}.
 *
 * <p>What a command has to say goes to standard output, in UTF-8 whatever the locale, since that is what etcd holds. An
 * error is one line on standard error that begins with {@code ev: }.
 */
@Command(
        name = "ev",
        description = "Event values: facts that change, set by producers and followed by consumers.",
        versionProvider = Ev.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK + ":Done. Ctrl-C and SIGTERM are how 'ev watch' gets done.",
            ExitCode.FAILURE + ":It failed; standard error says why, in one line.",
            ExitCode.USAGE + ":The command line cannot be understood.",
            ExitCode.UNREACHABLE + ":etcd could not be reached in time.",
            ExitCode.INTERRUPTED + ":Ended by Ctrl-C before it was done (143: by SIGTERM)."
        },
        footerHeading = "%n",
        footer = "See 'ev COMMAND --help' for what a command does, and 'ev demo' for what it is all about.")
@SuppressWarnings("unused") // picocli uses the fields
public final class Ev {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    private Ev() {}

    /**
     * Runs a command and ends the process.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        silenceLogs();
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> err.println("ev: " + thread.getName() + ": " + Errors.describe(failure)));
        System.exit(OrderlyEnd.run(() -> commandLine(out, err).execute(args)));
    }

    /** gRPC's logs go to standard error unless told otherwise, and are not what a user of {@code ev} wants to read. */
    private static void silenceLogs() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            LogManager.getLogManager().reset();
        }
    }

    /**
     * The commands, ready to run.
     *
     * @param out for what they have to say
     * @param err for errors and remarks
     */
    static CommandLine commandLine(OutputStream out, PrintStream err) {
        Errors errors = new Errors(err);
        return new CommandLine(new Ev())
                .addSubcommand(new WatchCommand(out, err))
                .addSubcommand(new DemoCommand(out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setExpandAtFiles(false) // a key may well begin with @
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Ev.class.getPackage().getImplementationVersion();
            return new String[] {"ev " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()
            };
        }
    }
}
