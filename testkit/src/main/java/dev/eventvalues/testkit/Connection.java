package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a proxy: the client's half, the server's half, and a thread that passes on what it reads for
 * each direction.
 */
final class Connection {
    private static final int PIECE = 64 << 10;

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final int origin;
    private final Valve valve;

    // guarded by this
    private boolean over;
    private int directionsOpen = 2;
    private @Nullable Thread toServer;
    private @Nullable Thread toClient;

    /**
     * An accepted connection.
     *
     * @param origin who made it, as the proxy's user counts them
     */
    Connection(TcpProxy proxy, Socket client, int origin) {
        this.proxy = proxy;
        this.client = client;
        this.origin = origin;
        this.valve = proxy.valve(origin);
    }

    int origin() {
        return origin;
    }

    /** Connects to the server and passes bytes on, on this thread and one more, until either side ends it. */
    void run(SocketAddress target) {
        try {
            server.connect(target);
            for (Socket socket : new Socket[] {client, server}) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        } catch (IOException e) {
            reset();
            return;
        }
        Thread back = TcpProxy.thread(Thread.currentThread().getName() + " back", () -> pump(server, client, true));
        synchronized (this) {
            if (over) {
                return;
            }
            toServer = Thread.currentThread();
            toClient = back;
        }
        back.start();
        pump(client, server, false);
    }

    private void pump(Socket from, Socket to, boolean toClient) {
        try {
            try {
                passOn(from, to, toClient);
            } catch (IOException e) {
                valve.awaitOpen(toClient); // nobody hears of a broken connection through a black hole
                reset();
            }
        } catch (InterruptedException e) {
            reset();
        }
    }

    private void passOn(Socket from, Socket to, boolean toClient) throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] piece = new byte[PIECE];
        int length;
        while ((length = in.read(piece)) >= 0) {
            if (!toClient) {
                valve.awaitOpen(false);
                out.write(piece, 0, length);
                continue;
            }
            Valve.Grant grant = valve.awaitOpenToClient(length);
            out.write(piece, 0, grant.bytes());
            if (grant.thenCut()) {
                proxy.reset();
                valve.cut();
                return;
            }
        }
        valve.awaitOpen(toClient);
        to.shutdownOutput();
        directionEnded();
    }

    private void directionEnded() {
        synchronized (this) {
            directionsOpen--;
            if (directionsOpen > 0) {
                return;
            }
            over = true;
        }
        close();
    }

    /** Ends both halves at once; what was not yet received is lost. */
    void reset() {
        Thread[] pumps;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            pumps = toServer == null || toClient == null ? new Thread[0] : new Thread[] {toServer, toClient};
        }
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // it is closed
            }
        }
        close();
        for (Thread pump : pumps) {
            pump.interrupt(); // it may wait at the valve
        }
    }

    private void close() {
        proxy.forget(this);
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.close();
            } catch (IOException e) {
                // there is no more to do with it
            }
        }
    }
}
