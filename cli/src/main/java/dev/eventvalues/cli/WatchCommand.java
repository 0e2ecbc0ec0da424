package dev.eventvalues.cli;

import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.Changes;
import dev.eventvalues.etcd.Decoder;
import dev.eventvalues.etcd.EtcdRange;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.Key;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code ev watch}. Goes on until its thread is interrupted or nobody reads what it writes. */
@Command(
        name = "watch",
        description = {
            "Shows keys of etcd: what they hold now, then what changes.",
            "",
            "Goes on until Ctrl-C, also while etcd cannot be reached; what changed meanwhile"
                    + " is told once it can, removals too. A value that changes faster than it"
                    + " can be shown is skipped for a newer one; the last one never is."
        },
        customSynopsis = {"ev watch [OPTIONS] KEY", "       ev watch [OPTIONS] --prefix=PREFIX"},
        sortOptions = false,
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK + ":Ended by Ctrl-C or SIGTERM, or nobody reads the output any more.",
            ExitCode.FAILURE + ":etcd refuses, or the output cannot be written.",
            ExitCode.USAGE + ":The command line cannot be understood.",
            ExitCode.UNREACHABLE + ":The current state could not be read within the timeout."
        },
        footerHeading = "%nOutput, one line for each event, written at once:%n",
        footer = {
            "  service/address is absent          no such key at the start",
            "  no key begins with \"service/\"      with --prefix, none at the start",
            "  service/address = 203.0.113.24     at the start, or when it changes",
            "  service/address is empty           it is there, but with no bytes",
            "  service/address removed",
            "Backslashes, control characters and bytes that are not UTF-8 are shown as \\\\,",
            "\\n, \\r, \\t and \\xNN.",
            "",
            "Output with --json, to whose objects later versions may add fields:",
            "  {\"type\":\"present\",\"key\":\"a\",\"value\":\"1\",\"revision\":7}   at the start",
            "  {\"type\":\"absent\",\"key\":\"b\",\"revision\":8}                at the start",
            "  {\"type\":\"absent\",\"prefix\":\"c/\",\"revision\":8}            at the start",
            "  {\"type\":\"added\",\"key\":\"b\",\"value\":\"1\",\"revision\":9}",
            "  {\"type\":\"updated\",\"key\":\"b\",\"value\":\"2\",\"revision\":10}",
            "  {\"type\":\"removed\",\"key\":\"b\",\"revision\":11}",
            "\"revision\" is the one that wrote the value, or at which a key was seen to be",
            "absent. Bytes that are not UTF-8 are in \"keyBase64\", \"prefixBase64\" and",
            "\"valueBase64\" in place of \"key\", \"prefix\" and \"value\".",
            "",
            "Examples:",
            "  ev watch service/address",
            "  ev watch --prefix=service/ --json",
            "  ev watch --endpoints=http://10.0.0.1:2379,http://10.0.0.2:2379 service/address"
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration USUAL_REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LEAST_REQUEST_TIMEOUT = Duration.ofSeconds(1);

    /** What Java makes of bytes that are not text in the locale's encoding. */
    private static final char REPLACEMENT_CHARACTER = '\ufffd';

    private final LineOutput out;
    private final PrintStream err;

    @Parameters(paramLabel = "KEY", arity = "0..1", hideParamSyntax = true, description = "The key to watch.")
    private @Nullable String key;

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Watch every key that begins with PREFIX.")
    private @Nullable String prefix;

    @Option(
            names = "--endpoints",
            paramLabel = "URL,...",
            split = ",",
            splitSynopsisLabel = ",",
            hideParamSyntax = true,
            defaultValue = "http://127.0.0.1:2379",
            description = {"Where members of the cluster listen.", "Default: ${DEFAULT-VALUE}"})
    private List<String> endpoints = List.of();

    @Option(names = "--json", description = "Write each event as a JSON object on one line.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Timeout.class,
            defaultValue = "5s",
            description = {
                "How long to try for the current state: a number with ms, s or m.",
                "Default: ${DEFAULT-VALUE}"
            })
    private Duration timeout = Duration.ZERO;

    WatchCommand(OutputStream out, PrintStream err) {
        this.out = new LineOutput(out);
        this.err = err;
    }

    @Override
    public Integer call() {
        requireKeyOrPrefix();
        try (EtcdValues etcd = connect();
                Watcher<Changes<Content>> watcher = range(etcd).changes().watch()) {
            start(first(watcher));
            while (true) {
                follow(watcher.next());
            }
        } catch (InterruptedException | LineOutput.ReaderGoneException e) {
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.FAILURE, "cannot write the output: " + e.getMessage(), e);
        }
    }

    private void requireKeyOrPrefix() {
        if (key == null && prefix == null) {
            throw usage("what to watch? Give a KEY or --prefix");
        }
        if (key != null && prefix != null) {
            throw usage("KEY and --prefix exclude each other: give one of them");
        }
        if (key != null && key.isEmpty()) {
            throw usage("the KEY is empty, and etcd has no empty key; for all keys give --prefix=");
        }
        if (isUnreadable(key) || isUnreadable(prefix)) { // rather than watch another key
            throw usage("what to watch has characters that Java cannot read in this locale ("
                    + System.getProperty("sun.jnu.encoding") + "): set LC_ALL=C.UTF-8");
        }
    }

    private static boolean isUnreadable(@Nullable String argument) {
        return argument != null && argument.indexOf(REPLACEMENT_CHARACTER) >= 0;
    }

    private EtcdValues connect() {
        // Each member is to have its chance within the timeout, whatever happens to the others.
        Duration fair = timeout.dividedBy(endpoints.size() + 1);
        Duration bounded = max(LEAST_REQUEST_TIMEOUT, min(fair, USUAL_REQUEST_TIMEOUT));
        try {
            return EtcdValues.builder()
                    .endpoints(endpoints.toArray(String[]::new))
                    .requestTimeout(bounded)
                    .build();
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    /** One key is a range of one: only a range knows the revision at which something is absent. */
    private EtcdRange<Content> range(EtcdValues etcd) {
        Decoder<Content> decoder = (any, bytes) -> Content.of(bytes);
        if (prefix != null) {
            return etcd.prefix(prefix, decoder);
        }
        Key only = Key.of(Objects.requireNonNull(key));
        Key next = Key.of(Arrays.copyOf(only.bytes(), only.length() + 1));
        return etcd.range(only, next, decoder);
    }

    private Changes<Content> first(Watcher<Changes<Content>> watcher) throws InterruptedException {
        try {
            return watcher.next(timeout);
        } catch (TimeoutException e) {
            // behind the first colon is what the watcher knows, before it that there was a timeout
            String reason = String.valueOf(e.getMessage()).replaceFirst("^[^:]*: ", "");
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE, "cannot reach etcd at " + String.join(",", endpoints) + ": " + reason, e);
        }
    }

    private void start(Changes<Content> first) throws IOException {
        for (Event event : Event.ofStart(first)) {
            out.print(format().line(event));
        }
        if (first.changes().isEmpty()) {
            out.print(format().line(nothing(first.after().revision())));
        }
    }

    private Event nothing(long revision) {
        return key == null
                ? new Event(Event.Type.NONE, new Content(Key.of(Objects.requireNonNull(prefix))), null, revision)
                : new Event(Event.Type.ABSENT, new Content(Key.of(key)), null, revision);
    }

    private void follow(Changes<Content> changes) throws IOException {
        if (changes.resync()) {
            err.println("ev: another store answers (a restored backup, or another cluster): its revisions cannot be"
                    + " compared with those before");
        }
        for (Event event : Event.of(changes)) {
            out.print(format().line(event));
        }
    }

    private Format format() {
        return json ? Format.JSON : Format.TEXT;
    }

    private static CommandFailedException usage(@Nullable String message) {
        return new CommandFailedException(ExitCode.USAGE, message + " (see 'ev watch --help')", null);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
