package dev.eventvalues.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The network between members. Each one is known to the others by the address of a proxy, which finds out who dialled
 * it and lets through what is not cut.
 *
 * <p>A link is always cut both ways: a message from one member to another may travel on a connection that the other one
 * has made. While anything is cut, a connection of unknown origin is cut too.
 */
final class PeerNetwork implements AutoCloseable {
    private final List<TcpProxy> proxies;

    // guarded by this
    private final boolean[][] cut;

    /**
     * A network that is not open yet.
     *
     * @param ports where each member listens for its peers
     * @param pids the process id of each member
     */
    PeerNetwork(List<Integer> ports, Supplier<long[]> pids) {
        PeerIdentity identity = new PeerIdentity(pids);
        this.proxies = IntStream.range(0, ports.size())
                .mapToObj(member -> new TcpProxy("peers of m" + member, ports.get(member), identity::of))
                .toList();
        this.cut = new boolean[ports.size()][ports.size()];
    }

    void open() {
        proxies.forEach(TcpProxy::listen);
    }

    /** The port by which the others know a member. */
    int port(int member) {
        return proxies.get(member).port();
    }

    synchronized void cut(int one, int other) {
        if (!PeerIdentity.isPossible()) {
            throw new UnsupportedOperationException("members can be cut off only on Linux: there is no /proc/net/tcp");
        }
        cut[one][other] = true;
        cut[other][one] = true;
        apply();
    }

    synchronized void isolate(int member) {
        IntStream.range(0, proxies.size()).filter(other -> other != member).forEach(other -> cut(member, other));
    }

    synchronized void heal() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
        apply();
    }

    synchronized boolean isCut(int one, int other) {
        return cut[one][other];
    }

    // called with the lock of this
    private void apply() {
        boolean any = IntStream.range(0, cut.length)
                .anyMatch(from -> IntStream.range(0, cut.length).anyMatch(to -> cut[from][to]));
        for (int member = 0; member < cut.length; member++) {
            boolean[] severed = cut[member].clone();
            proxies.get(member).sever(from -> from == PeerIdentity.UNKNOWN ? any : severed[from]);
        }
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
    }
}
