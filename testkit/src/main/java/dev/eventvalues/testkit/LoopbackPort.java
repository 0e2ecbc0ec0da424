package dev.eventvalues.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of 127.0.0.1 that stay free while nobody listens on them.
 *
 * <p>They lie below the range from which the system takes the ports of outgoing connections: else the port of a stopped
 * member could go to a connection, even to one that is made to that very port and so to itself.
 */
final class LoopbackPort {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int DEFAULT_END = 32_000;
    private static final int ATTEMPTS = 1_000;

    private LoopbackPort() {}

    static InetAddress host() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // an address of four bytes needs no lookup
        }
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(host(), port);
    }

    /** A port that was free a moment ago. */
    static int free() {
        int end = endOfRange();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(address(port));
                return port;
            } catch (IOException e) {
                // taken
            }
        }
        throw new IllegalStateException("no free port on 127.0.0.1 between " + LOWEST + " and " + end);
    }

    private static int endOfRange() {
        try {
            int first = Integer.parseInt(Files.readString(OUTGOING).strip().split("\\s+", 2)[0]);
            return first > LOWEST + ATTEMPTS ? first : DEFAULT_END;
        } catch (IOException | NumberFormatException e) {
            return DEFAULT_END;
        }
    }
}
