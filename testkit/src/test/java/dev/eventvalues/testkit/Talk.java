package dev.eventvalues.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client's end of a connection to a port of 127.0.0.1, told in words about what happens to it. */
final class Talk implements AutoCloseable {
    private static final int ANSWER_WITHIN_MILLIS = 10_000;
    private static final int SILENT_FOR_MILLIS = 150;

    private final Socket socket;

    Talk(int port) throws IOException {
        socket = new Socket(LoopbackPort.host(), port);
        socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
    }

    /** Starts a server that sends back all it receives. */
    static ServerSocket echo() throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, LoopbackPort.host());
        TcpProxy.thread("echo", () -> {
                    while (!listener.isClosed()) {
                        try {
                            Socket accepted = listener.accept();
                            TcpProxy.thread("echo of one", () -> sendBack(accepted))
                                    .start();
                        } catch (IOException e) {
                            return;
                        }
                    }
                })
                .start();
        return listener;
    }

    private static void sendBack(Socket accepted) {
        try (accepted) {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
        } catch (IOException e) {
            return; // it was reset
        }
    }

    static boolean isRefused(int port) throws IOException {
        try {
            new Talk(port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    Talk say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    String hear(int bytes) throws IOException {
        byte[] heard = new byte[bytes];
        new DataInputStream(socket.getInputStream()).readFully(heard);
        return new String(heard, StandardCharsets.UTF_8);
    }

    /** What it hears until the connection is reset. */
    String hearUntilReset() throws IOException {
        StringBuilder heard = new StringBuilder();
        try {
            int next;
            while ((next = socket.getInputStream().read()) >= 0) {
                heard.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return heard.toString();
        }
        throw new IOException("ended in order, after " + heard);
    }

    String hearUntilEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    void endSaying() throws IOException {
        socket.shutdownOutput();
    }

    boolean hearsNothing() throws IOException {
        socket.setSoTimeout(SILENT_FOR_MILLIS);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
