package dev.eventvalues.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The network between members. Each one is known to the others by the address of a proxy, which finds out who dialled
 * it and lets through what is not cut.
 *
 * <p>A message from one member to another may travel on a connection that either of them has made. So a link can be cut
 * only both ways; but one way of it can be silent, on all connections between the two. While any link is broken, a
 * connection of unknown origin is treated like it.
 */
final class PeerNetwork implements AutoCloseable {
    private final List<TcpProxy> proxies;

    // guarded by this; the link from the first to the second
    private final Link[][] links;

    private enum Link {
        WHOLE,
        /** Connections are reset. */
        CUT,
        /** Connections are open, and nothing passes. */
        SILENT
    }

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
        this.links = new Link[ports.size()][ports.size()];
        mend();
    }

    void open() {
        proxies.forEach(TcpProxy::listen);
    }

    /** The port by which the others know a member. */
    int port(int member) {
        return proxies.get(member).port();
    }

    synchronized void cut(int one, int other) {
        become(one, other, Link.CUT);
        apply();
    }

    synchronized void isolate(int member) {
        toAllOthers(member, Link.CUT);
    }

    synchronized void silence(int member) {
        toAllOthers(member, Link.SILENT);
    }

    /** Nothing that a member sends arrives. */
    synchronized void mute(int member) {
        others(member).forEach(other -> becomeOneWay(member, other, Link.SILENT));
        apply();
    }

    /** Nothing that the others send to a member arrives. */
    synchronized void deafen(int member) {
        others(member).forEach(other -> becomeOneWay(other, member, Link.SILENT));
        apply();
    }

    synchronized void heal() {
        mend();
        apply();
    }

    synchronized boolean isWhole(int one, int other) {
        return links[one][other] == Link.WHOLE && links[other][one] == Link.WHOLE;
    }

    // called with the lock of this, as are all below
    private void mend() {
        for (Link[] row : links) {
            Arrays.fill(row, Link.WHOLE);
        }
    }

    private void toAllOthers(int member, Link link) {
        others(member).forEach(other -> become(member, other, link));
        apply();
    }

    private IntStream others(int member) {
        return IntStream.range(0, links.length).filter(other -> other != member);
    }

    private void become(int one, int other, Link link) {
        becomeOneWay(one, other, link);
        becomeOneWay(other, one, link);
    }

    private void becomeOneWay(int from, int to, Link link) {
        if (!PeerIdentity.isPossible()) {
            throw new UnsupportedOperationException("members can be cut off only on Linux: there is no /proc/net/tcp");
        }
        links[from][to] = link;
    }

    private void apply() {
        Link toUnknown = isAny(Link.SILENT) ? Link.SILENT : isAny(Link.CUT) ? Link.CUT : Link.WHOLE;
        for (int member = 0; member < links.length; member++) {
            Link[] toMember = new Link[links.length];
            Link[] fromMember = links[member].clone();
            for (int other = 0; other < links.length; other++) {
                toMember[other] = links[other][member];
            }
            apply(
                    proxies.get(member),
                    from -> from == PeerIdentity.UNKNOWN ? toUnknown : toMember[from],
                    to -> to == PeerIdentity.UNKNOWN ? toUnknown : fromMember[to]);
        }
    }

    private boolean isAny(Link wanted) {
        return Arrays.stream(links).flatMap(Arrays::stream).anyMatch(link -> link == wanted);
    }

    /* In this order nothing passes while a link goes from one way of being broken to the other. */
    private void apply(TcpProxy proxy, IntFunction<Link> linkFrom, IntFunction<Link> linkTo) {
        int[] dialled = IntStream.range(PeerIdentity.UNKNOWN, links.length).toArray();
        for (int by : dialled) {
            boolean toServer = linkFrom.apply(by) == Link.SILENT;
            boolean toClient = linkTo.apply(by) == Link.SILENT;
            if (toServer || toClient) {
                proxy.valve(by).shut(toServer, toClient);
            }
        }
        proxy.sever(by -> linkFrom.apply(by) == Link.CUT || linkTo.apply(by) == Link.CUT);
        for (int by : dialled) {
            if (linkFrom.apply(by) != Link.SILENT && linkTo.apply(by) != Link.SILENT) {
                proxy.valve(by).open();
            }
        }
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
    }
}
