package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A port of 127.0.0.1 that passes all connections on to another one, and can be told to treat them badly. */
final class TcpProxy implements AutoCloseable {
    /** The origin of connections that are not told apart. */
    static final int SOMEBODY = 0;

    private static final int BACKLOG = 512;

    private final String name;
    private final int port = LoopbackPort.free();
    private final int target;
    private final ToIntFunction<Socket> origin;
    private final Map<Integer, Valve> valves = new ConcurrentHashMap<>();

    private final LongAdder accepts = new LongAdder();

    // guarded by this
    private final Set<Connection> connections = new HashSet<>();
    private IntPredicate severed = from -> false;
    private @Nullable Listener listener;

    private record Listener(ServerSocket socket, Thread acceptor) {}

    /**
     * A proxy that does not listen yet.
     *
     * @param name what its threads are called
     * @param target the port to pass connections on to
     * @param origin tells who made a connection, from its accepted socket
     */
    TcpProxy(String name, int target, ToIntFunction<Socket> origin) {
        this.name = name;
        this.target = target;
        this.origin = origin;
    }

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    int port() {
        return port;
    }

    /** The valve of all connections, if their origins are not told apart. */
    Valve valve() {
        return valve(SOMEBODY);
    }

    /** The valve of the connections of one origin. */
    Valve valve(int origin) {
        return valves.computeIfAbsent(origin, from -> new Valve());
    }

    /** How many connections it has accepted, also those it has reset at once. */
    long accepted() {
        return accepts.sum();
    }

    /** Accepts connections, if it does not do so already. */
    synchronized void listen() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket(port, BACKLOG, LoopbackPort.host());
            Thread acceptor = thread(name, () -> accept(socket));
            acceptor.start();
            listener = new Listener(socket, acceptor);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                accepts.increment();
                thread(name + " " + accepted.getPort(), () -> admit(accepted)).start();
            } catch (IOException e) {
                // closed, or out of file descriptors for now
            }
        }
    }

    private void admit(Socket accepted) {
        Connection connection = new Connection(this, accepted, origin.applyAsInt(accepted));
        boolean refused;
        synchronized (this) {
            refused = listener == null || severed.test(connection.origin());
            if (!refused) {
                connections.add(connection);
            }
        }
        if (refused) {
            connection.reset();
        } else {
            connection.run(LoopbackPort.address(target));
        }
    }

    synchronized void forget(Connection connection) {
        connections.remove(connection);
    }

    /** Stops accepting: who connects is refused by the system. Open connections stay. */
    void refuse() {
        Listener ending;
        synchronized (this) {
            ending = listener;
            listener = null;
        }
        if (ending == null) {
            return;
        }
        try {
            ending.socket().close();
            ending.acceptor().join(); // the system goes on accepting for as long as a thread waits on the socket
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Resets the open connections of some origins, and every connection they make until told otherwise. */
    void sever(IntPredicate origins) {
        List<Connection> hit;
        synchronized (this) {
            severed = origins;
            hit = connections.stream()
                    .filter(connection -> origins.test(connection.origin()))
                    .toList();
        }
        hit.forEach(Connection::reset);
    }

    /** Resets all open connections. */
    void reset() {
        List<Connection> all;
        synchronized (this) {
            all = List.copyOf(connections);
        }
        all.forEach(Connection::reset);
    }

    @Override
    public void close() {
        refuse();
        reset();
    }
}
