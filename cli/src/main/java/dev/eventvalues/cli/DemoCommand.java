package dev.eventvalues.cli;

import dev.eventvalues.MemoryValue;
import dev.eventvalues.cli.demo.MainJob;
import dev.eventvalues.etcd.Codec;
import dev.eventvalues.etcd.EtcdValues;
import dev.eventvalues.etcd.WritableEtcdValue;
import dev.eventvalues.testkit.EtcdCluster;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code ev demo}: the main job, with its one fact in memory or in etcd. */
@Command(
        name = "demo",
        description = {
            "Shows in a few seconds what event values are for.",
            "",
            "A network service publishes the address of a host: first none, then a DHCP"
                    + " lease, then another one. A hosts-file updater, a status line and a log"
                    + " follow it, each at its own pace. No real file or network is touched."
        },
        customSynopsis = "ev demo [--etcd]",
        sortOptions = false,
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK + ":Done.",
            ExitCode.FAILURE + ":There is no etcd to be had, or it failed; standard error says why.",
            ExitCode.USAGE + ":The command line cannot be understood.",
            ExitCode.INTERRUPTED + ":Ended by Ctrl-C (143: by SIGTERM). The etcd is stopped then, too."
        },
        footerHeading = "%n",
        footer = "The etcd is the program named by the environment variable ETCD_BIN, else the"
                + " one on the PATH, else one from the system's package archive (Debian), which"
                + " is downloaded but not installed.")
final class DemoCommand implements Callable<Integer> {
    private static final String KEY = "hosts/foo.example.com";

    private final PrintStream out;

    @Option(
            names = "--etcd",
            description = "Hold the address in a real etcd, not in memory: a server of its own is started on a free"
                    + " port and stopped at the end.")
    private boolean etcd;

    DemoCommand(OutputStream out) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            if (etcd) {
                inEtcd();
            } else {
                inMemory();
            }
            return ExitCode.OK;
        } catch (TimeoutException e) {
            throw new CommandFailedException(ExitCode.FAILURE, "the demo is stuck: " + e.getMessage(), e);
        }
    }

    private void inMemory() throws InterruptedException, TimeoutException {
        MemoryValue<Optional<String>> address = new MemoryValue<>();
        out.println("# One fact, the address of foo.example.com, is held in this process, by a MemoryValue.");
        MainJob.run(address, address, out);
        out.println("# The same program with the fact in a real etcd: ev demo --etcd");
    }

    private void inEtcd() throws InterruptedException, TimeoutException {
        out.println("# Starting an etcd of its own on a free port. If this machine has none, it is");
        out.println("# downloaded first, which takes some seconds.");
        try (EtcdCluster server = startServer();
                EtcdValues connection =
                        EtcdValues.connect(server.directEndpoints().get(0))) {
            WritableEtcdValue<String> address = connection.value(KEY, Codec.utf8());
            out.println("# One fact, the address of foo.example.com, is held by etcd "
                    + server.binary().version() + ", as the key");
            out.println("# " + KEY + ".");
            MainJob.run(address, state -> write(state, address), out);
        }
        out.println("# The etcd is stopped.");
    }

    /** No address, no key. */
    private static void write(Optional<String> state, WritableEtcdValue<String> address) throws InterruptedException {
        if (state.isPresent()) {
            address.set(state.get());
        } else {
            address.delete();
        }
    }

    private static EtcdCluster startServer() {
        try {
            return EtcdCluster.start(1);
        } catch (RuntimeException e) {
            throw new CommandFailedException(ExitCode.FAILURE, String.valueOf(e.getMessage()), e);
        }
    }
}
