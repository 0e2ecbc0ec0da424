package dev.eventvalues.etcd.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.eventvalues.etcd.wire.proto.AuthGrpc;
import dev.eventvalues.etcd.wire.proto.AuthenticateRequest;
import dev.eventvalues.etcd.wire.proto.AuthenticateResponse;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token by which one endpoint knows the user. It is fetched when a call first needs it, put into every call, and
 * forgotten when a call that had it is turned away, so that the next call fetches another.
 *
 * <p>At most one request for a token runs at a time, whatever the number of calls that wait for it. After etcd has refused
 * the name or the password, calls fail for a while without asking: checking a password is costly for the server.
 */
final class Tokens implements ClientInterceptor {
    /*
     * A call takes a Pass: gRPC asks it for metadata once there is a connection, and lets the call wait until the pass has
     * answered. The pass remembers which token it gave, so that a late failure of an old token does not void a new one.
     */
    private static final System.Logger LOG = System.getLogger(Tokens.class.getPackageName());
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** Stands for the token while etcd demands none. */
    private static final String NOT_NEEDED = "";

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Endpoint endpoint;
    private final Credentials credentials;
    private final long requestNanos;

    private final Object lock = new Object();

    /** Null if none is known. Guarded by {@link #lock}. */
    private @Nullable String token;

    /** Whether a request for a token runs. Guarded by {@link #lock}. */
    private boolean asking;

    /** Guarded by {@link #lock}. */
    private List<Pass> waiting = new ArrayList<>();

    /** Why there is no token, and since when (nano time). Guarded by {@link #lock}. */
    private @Nullable Status refusal;

    private long refusedAt;

    /**
     * Creates it without asking for anything.
     *
     * @param endpoint for messages
     * @param credentials whose token it is
     * @param requestNanos how long a request for a token may take
     */
    Tokens(Endpoint endpoint, Credentials credentials, long requestNanos) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.requestNanos = requestNanos;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        if (method.getType() == MethodDescriptor.MethodType.UNARY) {
            return new RepeatedCall<>(() -> {
                Pass pass = new Pass(next);
                return new RepeatedCall.Attempt<>(pass.callWith(method, options), pass::isVoidAfter);
            });
        }
        Pass pass = new Pass(next);
        return new SimpleForwardingClientCall<>(pass.callWith(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(pass.watching(listener), headers);
            }
        };
    }

    private final class Pass extends CallCredentials {
        private final Channel channel;
        private @Nullable MetadataApplier applier;

        /** What was put into the call; null before. Guarded by {@link #lock}. */
        private @Nullable String used;

        Pass(Channel channel) {
            this.channel = channel;
        }

        <Q, A> ClientCall<Q, A> callWith(MethodDescriptor<Q, A> method, CallOptions options) {
            return channel.newCall(method, options.withCallCredentials(this));
        }

        /** For a stream, which is not opened again here; but the next one is to have another token. */
        <A> ClientCall.Listener<A> watching(ClientCall.Listener<A> listener) {
            return new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onClose(Status status, Metadata trailers) {
                    isVoidAfter(status);
                    super.onClose(status, trailers);
                }
            };
        }

        @Override
        public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier then) {
            applier = then;
            take(this);
        }

        void give(String given) {
            Metadata headers = new Metadata();
            if (!given.equals(NOT_NEEDED)) {
                headers.put(TOKEN, given);
            }
            if (applier != null) {
                applier.apply(headers);
            }
        }

        void refuse(Status status) {
            if (applier != null) {
                applier.fail(status);
            }
        }

        /** Tells whether a failure is due to the token, which then is forgotten; so the call was not executed. */
        boolean isVoidAfter(Status status) {
            synchronized (lock) {
                if (used == null || !Troubles.isVoidToken(status)) {
                    return false;
                }
                if (used.equals(token)) {
                    token = null;
                }
                return true;
            }
        }
    }

    private void take(Pass pass) {
        String held;
        Status refused = null;
        synchronized (lock) {
            held = token;
            pass.used = held;
            if (held == null && refusal != null && System.nanoTime() - refusedAt < PAUSE_NANOS) {
                refused = refusal;
            } else if (held == null) {
                waiting.add(pass);
                if (asking) {
                    return;
                }
                asking = true;
            }
        }
        if (held != null) {
            pass.give(held);
        } else if (refused != null) {
            pass.refuse(refused);
        } else {
            credentials.ask(
                    password -> authenticate(pass.channel, password),
                    thrown -> refused(
                            Status.UNAUTHENTICATED.withDescription("the password supplier threw "
                                    + thrown.getClass().getName()), // whose message may show the password
                            true));
        }
    }

    /** Runs on the thread that asked for the password, which it does not block. */
    private void authenticate(Channel channel, byte[] password) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(credentials.user())
                .setPassword(UnsafeByteOperations.unsafeWrap(password))
                .build();
        ClientCalls.asyncUnaryCall(
                channel.newCall(
                        AuthGrpc.getAuthenticateMethod(),
                        CallOptions.DEFAULT.withDeadlineAfter(requestNanos, TimeUnit.NANOSECONDS)),
                request,
                new StreamObserver<AuthenticateResponse>() {
                    @Override
                    public void onNext(AuthenticateResponse answer) {
                        got(answer.getToken());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        Arrays.fill(password, (byte) 0);
                        failed(Status.fromThrowable(failure));
                    }

                    @Override
                    public void onCompleted() {
                        Arrays.fill(password, (byte) 0);
                    }
                });
    }

    private void failed(Status status) {
        if (Troubles.isAuthenticationOff(status)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} does not ask who its users are (authentication is off): going on without the name {1}",
                    endpoint,
                    credentials.user());
            got(NOT_NEEDED);
        } else if (Troubles.isWrongPassword(status)) {
            refused(
                    Status.UNAUTHENTICATED.withDescription(
                            "etcd does not know the user \"" + credentials.user() + "\" with this password"),
                    true);
        } else {
            refused(status.withCause(new NotSent(status.getCause())), false);
        }
    }

    private void got(String given) {
        settle(given, null, pass -> pass.give(given));
    }

    private void refused(Status status, boolean pause) {
        settle(null, pause ? status : null, pass -> pass.refuse(status));
    }

    private void settle(@Nullable String given, @Nullable Status refused, Consumer<Pass> tell) {
        List<Pass> told;
        synchronized (lock) {
            token = given;
            refusal = refused;
            refusedAt = System.nanoTime();
            asking = false;
            told = waiting;
            waiting = new ArrayList<>();
            told.forEach(pass -> pass.used = given);
        }
        told.forEach(tell);
    }

    /** The cause of a failure before anything was sent. */
    static final class NotSent extends Exception {
        private static final long serialVersionUID = 1;

        NotSent(@Nullable Throwable cause) {
            super(cause == null ? null : cause.getMessage(), cause, false, false);
        }
    }
}
