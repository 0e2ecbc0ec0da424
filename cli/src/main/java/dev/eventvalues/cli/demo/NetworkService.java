package dev.eventvalues.cli.demo;

import dev.eventvalues.ValueReader;
import dev.eventvalues.ValueWriter;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The producer: it knows the address, and says what it is each time that it changes. */
final class NetworkService {
    /** So that there is something to watch. Nothing depends on it. */
    private static final long DHCP_SERVER_THINKS_MILLIS = 400;

    private final ValueWriter<Optional<String>> address;
    private final ValueReader<Optional<String>> inHostsFile;
    private final PrintStream out;

    /**
     * Creates the service.
     *
     * @param address to set
     * @param inHostsFile what the hosts file says: an address may change once the hosts file has the one before
     */
    NetworkService(ValueWriter<Optional<String>> address, ValueReader<Optional<String>> inHostsFile, PrintStream out) {
        this.address = address;
        this.inHostsFile = inHostsFile;
        this.out = out;
    }

    /**
     * Runs until the hosts file has the last address.
     *
     * @return how many states were set
     */
    int run() throws InterruptedException, TimeoutException {
        out.println();
        out.println("# 1. There is no address yet. A consumer first gets the state that is current.");
        out.println("network: the link is up, there is no address");
        publish(Optional.empty());

        Thread.sleep(DHCP_SERVER_THINKS_MILLIS);
        out.println();
        out.println("# 2. There is one. The producer sets it; all who wait in next, or listen, are told.");
        out.println("network: DHCP gave a lease for 203.0.113.24");
        publish(Optional.of("203.0.113.24"));

        Thread.sleep(DHCP_SERVER_THINKS_MILLIS);
        out.println();
        out.println("# 3. There is another. Who was busy all the while goes on with the newest.");
        out.println("network: DHCP changed the lease to 203.0.113.103");
        publish(Optional.of("203.0.113.103"));
        return 3;
    }

    private void publish(Optional<String> state) throws InterruptedException, TimeoutException {
        address.set(state);
        inHostsFile.await(state::equals, MainJob.PATIENCE);
    }
}
