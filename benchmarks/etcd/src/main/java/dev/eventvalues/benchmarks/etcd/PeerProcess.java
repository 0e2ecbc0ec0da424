package dev.eventvalues.benchmarks.etcd;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;

/** The program that measures one client: one JVM, one class path. */
public final class PeerProcess {
    private PeerProcess() {}

    /**
     * Measures rows, one after the other.
     *
     * @param args the client's name, the server's endpoint, an {@link Extent}, how many watches at most, {@link Trials}
     */
    public static void main(String[] args) throws Exception {
        EtcdPeer peer = ServiceLoader.load(EtcdPeer.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(args[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no client " + args[0] + " on the class path"));
        PrintStream out = System.out;
        // Libraries print, too.
        System.setOut(System.err);
        Referee referee = new Referee(new PrintStream(out, false, StandardCharsets.UTF_8), Integer.parseInt(args[3]));
        for (int i = 4; i < args.length; i++) {
            Trials.valueOf(args[i]).trial().run(() -> peer.open(args[1]), Extent.valueOf(args[2]), referee);
        }
        // Some clients leave threads behind.
        System.exit(0);
    }
}
