package dev.eventvalues.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells which member's process made a connection, from the connection tables of Linux. */
final class PeerIdentity {
    static final int UNKNOWN = -1;

    private static final Path TABLE = Path.of("/proc/net/tcp");
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final Supplier<long[]> pids;

    /**
     * An identity by process.
     *
     * @param pids the process id of each member
     */
    PeerIdentity(Supplier<long[]> pids) {
        this.pids = pids;
    }

    static boolean isPossible() {
        return Files.isReadable(TABLE);
    }

    /** The member that dialled, or {@link #UNKNOWN}. */
    int of(Socket accepted) {
        try {
            Optional<String> inode = inode(accepted);
            if (inode.isEmpty()) {
                return UNKNOWN;
            }
            long[] candidates = pids.get();
            for (int member = 0; member < candidates.length; member++) {
                if (holds(candidates[member], "socket:[" + inode.get() + "]")) {
                    return member;
                }
            }
            return UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** The inode of the dialler's socket. */
    private static Optional<String> inode(Socket accepted) throws IOException {
        String local = entry(accepted.getPort());
        String remote = entry(accepted.getLocalPort());
        return Files.readAllLines(TABLE).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(field -> field.length > INODE && field[LOCAL].equals(local) && field[REMOTE].equals(remote))
                .map(field -> field[INODE])
                .findFirst();
    }

    private static String entry(int port) {
        return String.format(Locale.ROOT, "0100007F:%04X", port);
    }

    private static boolean holds(long pid, String socket) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                if (isLinkTo(descriptor, socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // no such process
        }
    }

    private static boolean isLinkTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException e) {
            return false; // closed since
        }
    }
}
