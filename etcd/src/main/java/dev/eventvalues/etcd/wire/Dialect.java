package dev.eventvalues.etcd.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why an endpoint hangs up before it has said anything: most often only one side speaks TLS. etcd says nothing
 * to the other kind of client, so the port is tried once more in the other way.
 */
final class Dialect implements ClientInterceptor {
    /** The cause of a failure that is understood now. */
    static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1;

        Mismatch(String problem, @Nullable Throwable cause) {
            super(problem, cause, false, false);
        }
    }

    private static final int PATIENCE_MILLIS = 300;

    /** The bytes by which a client without TLS begins: the preface of HTTP/2, and a frame of no settings. */
    private static final byte[] PLAIN_HELLO =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    private final Endpoint endpoint;
    private final @Nullable RotatingTls tls;

    /** Whether the endpoint has answered since it last hung up. Written by gRPC's callbacks; a lost update harms not. */
    private volatile boolean understood;

    /** Whether somebody is finding out. */
    private final AtomicBoolean diagnosing = new AtomicBoolean();

    /**
     * Creates it without asking for anything.
     *
     * @param endpoint which
     * @param tls null if it is spoken to without
     */
    Dialect(Endpoint endpoint, @Nullable RotatingTls tls) {
        this.endpoint = endpoint;
        this.tls = tls;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Executor callbacks = options.getExecutor() == null ? Runnable::run : options.getExecutor();
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(new Doubting<>(listener, callbacks), headers);
            }
        };
    }

    private final class Doubting<A> extends SimpleForwardingClientCallListener<A> {
        private final Executor callbacks;

        /** Those that were under way when a good connection was cut need no diagnosis. */
        private final boolean onGoodTerms = understood;

        Doubting(ClientCall.Listener<A> listener, Executor callbacks) {
            super(listener);
            this.callbacks = callbacks;
        }

        @Override
        public void onHeaders(Metadata headers) {
            understood = true;
            super.onHeaders(headers);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (Handshake.problem(status) != null) {
                super.onClose(orOurOwn(status), trailers);
                return;
            }
            boolean hangUp = isHangUp(status, trailers);
            if (hangUp) {
                understood = false;
            }
            if (hangUp && !onGoodTerms && diagnosing.compareAndSet(false, true)) {
                diagnose(status, told -> callbacks.execute(() -> super.onClose(told, trailers)));
            } else {
                super.onClose(status, trailers);
            }
        }
    }

    /** What we know to be wrong on our side is surer than what the server makes of it, and is told in the same words. */
    private Status orOurOwn(Status status) {
        String problem = tls == null ? null : tls.ownProblem();
        return problem == null ? status : status.withCause(new Mismatch(problem, status.getCause()));
    }

    /** Whether a connection was made, and ended without a word. */
    private static boolean isHangUp(Status status, Metadata trailers) {
        if (status.getCode() != Status.Code.UNAVAILABLE
                || !trailers.keys().isEmpty() // the server's own answer
                || String.valueOf(status.getDescription()).startsWith("Channel shutdown")) {
            return false;
        }
        for (Throwable each = status.getCause(); each != null; each = each.getCause()) {
            if (each instanceof ConnectException || each instanceof UnknownHostException) {
                return false;
            }
        }
        return true;
    }

    /** On a thread of its own, as it blocks. */
    private void diagnose(Status status, Consumer<Status> then) {
        Thread trying = new Thread(
                () -> {
                    String problem = problem();
                    diagnosing.set(false);
                    then.accept(problem == null ? status : status.withCause(new Mismatch(problem, status.getCause())));
                },
                "event-values-etcd-diagnosis");
        trying.setDaemon(true);
        trying.start();
    }

    private @Nullable String problem() {
        String own = tls == null ? null : tls.ownProblem();
        if (own != null) {
            return own;
        }
        try {
            if (tls == null) {
                int first = answer(tlsHello())[0] & 0xff;
                return first == TLS_ALERT || first == TLS_HANDSHAKE
                        ? "the endpoint speaks TLS; use https:// instead of http://"
                        : null;
            }
            byte[] answer = answer(PLAIN_HELLO);
            boolean settings = answer[0] == 0 && answer[3] == 4;
            boolean older = new String(answer, StandardCharsets.ISO_8859_1).startsWith("HTTP/");
            return settings || older ? "the endpoint does not speak TLS; use http:// instead of https://" : null;
        } catch (IOException | GeneralSecurityException e) {
            return null; // it does not answer to this either
        }
    }

    private byte[] answer(byte[] hello) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(hello);
            byte[] answer = socket.getInputStream().readNBytes(5);
            if (answer.length < 5) {
                throw new IOException("hung up");
            }
            return answer;
        }
    }

    private static byte[] tlsHello() throws IOException, GeneralSecurityException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        return bytes;
    }
}
