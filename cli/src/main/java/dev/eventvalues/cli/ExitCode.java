package dev.eventvalues.cli;

/** What the process tells its caller. Numbers, for picocli's annotations; {@link Ev} documents them. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    /** What shells make of a process that died of SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
