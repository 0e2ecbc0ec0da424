package dev.eventvalues.cli.demo;

import dev.eventvalues.Registration;
import dev.eventvalues.ValueReader;
import dev.eventvalues.ValueWriter;
import dev.eventvalues.Values;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/**
 * The program: a network service sets the address of a host, three consumers follow it, each at its own pace. The fact is
 * an {@link Optional}, since "no address" is a state worth telling.
 *
 * <p>The producer gets something to write to and the consumers something to read from. Whether that is memory or etcd is
 * for the caller to choose; nothing in this package changes with it.
 */
public final class MainJob {
    /** Longer than anything takes; who waits longer is told rather than left hanging. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private MainJob() {}

    /**
     * Runs until the last address has reached every consumer.
     *
     * @param address the fact, for consumers
     * @param publish the same fact, for the producer
     * @param out where all of them say what they do
     * @throws InterruptedException if the thread is interrupted
     * @throws TimeoutException if a consumer does not follow
     */
    public static void run(
            ValueReader<Optional<String>> address, ValueWriter<Optional<String>> publish, PrintStream out)
            throws InterruptedException, TimeoutException {
        HostsFile hosts = new HostsFile(address, out);
        StatusLine status = new StatusLine(address, out);
        AddressLog log = new AddressLog(out);
        NetworkService network = new NetworkService(publish, hosts.written(), out);

        Thread hostsThread = new Thread(hosts, "hosts file updater");
        Thread statusThread = new Thread(status, "status line");
        ExecutorService logThread = Executors.newSingleThreadExecutor(task -> new Thread(task, "log"));
        hostsThread.start();
        statusThread.start();
        Registration logging = log.follow(address, logThread);
        try {
            int states = network.run();

            // what the three have done last are values too, and so is whether they agree
            Optional<String> newest = address.await(PATIENCE);
            Values.combine(List.of(hosts.written(), status.drawn(), log.logged()), List::copyOf)
                    .await(done -> done.stream().allMatch(newest::equals), PATIENCE);

            out.println();
            out.println("# The state was set " + states + " times and the status line drawn " + status.drawings()
                    + " times: who is slow");
            out.println("# skips to the newest state. Nothing queues up, and the last is never missed.");
        } finally {
            logging.close();
            logThread.shutdown();
            hostsThread.interrupt();
            statusThread.interrupt();
            hostsThread.join();
            statusThread.join();
        }
    }
}
