package dev.eventvalues.cli;

import dev.eventvalues.etcd.EtcdException;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes one line and an exit code of every error. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final PrintStream err;

    Errors(PrintStream err) {
        this.err = err;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        if (args.length == 0) {
            command.usage(command.getErr());
        } else {
            tell(reason(failure) + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
        }
        return ExitCode.USAGE;
    }

    private static String reason(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String argument = "'" + unmatched.getUnmatched().get(0) + "'";
            if (unmatched.isUnknownOption()) {
                return "unknown option " + argument;
            }
            boolean command = !failure.getCommandLine().getSubcommands().isEmpty();
            return (command ? "unknown command " : "unexpected argument ") + argument;
        }
        String message = String.valueOf(failure.getMessage());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
            return ExitCode.INTERRUPTED; // whatever else went wrong is a consequence
        }
        tell(describe(failure));
        return failure instanceof CommandFailedException known ? known.exitCode() : ExitCode.FAILURE;
    }

    private void tell(String message) {
        err.println("ev: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    /** What a user is told: the reason, or for a defect where it is. */
    static String describe(Throwable failure) {
        if (failure instanceof CommandFailedException || failure instanceof EtcdException) {
            return String.valueOf(failure.getMessage());
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return "a defect in ev: " + failure + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
