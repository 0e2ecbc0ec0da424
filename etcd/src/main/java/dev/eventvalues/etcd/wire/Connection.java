package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real transport: one gRPC channel for each endpoint, of which one at a time is used for what is started. */
public final class Connection implements Transport, AutoCloseable {
    /**
     * What a connection needs to know.
     *
     * @param endpoints at least one
     * @param requestTimeout how long a request may take
     * @param backoff how long to rest between attempts
     * @param pageSize how many keys to read at once
     */
    public record Settings(List<Endpoint> endpoints, Duration requestTimeout, Backoff backoff, int pageSize) {}

    private final Settings settings;
    private final Clockwork clockwork;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("event-values-etcd-io", true), NioIoHandler.newFactory());

    private final Object lock = new Object();

    /** The endpoints that have been used; their index is that in the settings. Guarded by {@link #lock}. */
    private final @Nullable Link[] links;

    /** The endpoint for what is started next. Guarded by {@link #lock}. */
    private int preferred;

    /** Guarded by {@link #lock}. */
    private boolean closed;

    /**
     * Creates a connection. Connects when first used.
     *
     * @param settings see there
     * @param clockwork serializes what happens
     */
    Connection(Settings settings, Clockwork clockwork) {
        this.settings = settings;
        this.clockwork = clockwork;
        this.links = new Link[settings.endpoints().size()];
    }

    // ---- commands

    @Override
    public Running start(Span span, Command command, Consumer<Event> events) {
        if (command instanceof Command.Rest rest) {
            return rest(rest, events);
        }
        if (command instanceof Command.Follow follow) {
            return follow(span, follow, events);
        }
        if (command instanceof Command.Read read) {
            return request(
                    command,
                    RangeRequest.newBuilder()
                            .setKey(Messages.start(read.from()))
                            .setRangeEnd(Messages.end(span))
                            .setRevision(read.revision())
                            .setLimit(settings.pageSize())
                            .build(),
                    page -> new Event.Page(
                            command.ticket(),
                            Messages.origin(page.getHeader()),
                            Messages.items(page.getKvsList()),
                            page.getMore()),
                    events);
        }
        return request(
                command,
                RangeRequest.newBuilder()
                        .setKey(Messages.start(span.from()))
                        .setLimit(1)
                        .setKeysOnly(true)
                        .build(),
                answer -> new Event.Confirmed(command.ticket(), Messages.origin(answer.getHeader())),
                events);
    }

    private Running rest(Command.Rest rest, Consumer<Event> events) {
        return clockwork.after(
                settings.backoff().nanos(rest.attempt(), ThreadLocalRandom.current()),
                () -> events.accept(new Event.Rested(rest.ticket())));
    }

    private Running follow(Span span, Command.Follow follow, Consumer<Event> events) {
        var watch = new Object() {
            @Nullable
            Running running;
        };
        clockwork.run(() -> {
            Link link = link();
            if (link != null) {
                watch.running = link.follow(span, follow, events);
            }
        });
        return () -> clockwork.run(() -> {
            if (watch.running != null) {
                watch.running.abandon();
            }
        });
    }

    private Running request(
            Command command, RangeRequest request, Function<RangeResponse, Event> answer, Consumer<Event> events) {
        return call(
                KVGrpc.getRangeMethod(),
                request,
                response -> events.accept(answer.apply(response)),
                status -> events.accept(
                        Troubles.isCompacted(status)
                                ? new Event.Compacted(command.ticket())
                                : new Event.Failed(command.ticket(), Troubles.of(status))));
    }

    // ---- requests

    /**
     * Sends a request. May be called from any thread; never blocks.
     *
     * @param <Q> the request
     * @param <A> the answer
     * @param method a unary method of etcd
     * @param request what is asked
     * @return the answer; completed on an IO thread, or fails with a {@link RequestFailedException}
     */
    <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        call(
                method,
                request,
                answer::complete,
                status -> answer.completeExceptionally(new RequestFailedException(status)));
        return answer;
    }

    /** Sends to the preferred endpoint, at once; one of the two outcomes is called, once, on any thread. */
    private <Q, A> Running call(
            MethodDescriptor<Q, A> method, Q message, Consumer<A> onAnswer, Consumer<Status> onFailure) {
        Link link = link();
        if (link == null) {
            onFailure.accept(Status.CANCELLED.withDescription("closed"));
            return () -> {};
        }
        Request<Q, A> request = new Request<>(link, onAnswer, onFailure);
        link.call(method, message, request);
        return request::cancel;
    }

    private final class Request<Q, A> implements ClientResponseObserver<Q, A> {
        private final Link link;
        private final Consumer<A> onAnswer;
        private final Consumer<Status> onFailure;

        /** Written before the call starts. */
        private volatile @Nullable ClientCallStreamObserver<Q> call;

        Request(Link link, Consumer<A> onAnswer, Consumer<Status> onFailure) {
            this.link = link;
            this.onAnswer = onAnswer;
            this.onFailure = onFailure;
        }

        void cancel() {
            ClientCallStreamObserver<Q> started = call;
            if (started != null) {
                started.cancel("no longer wanted", null);
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> starting) {
            call = starting;
        }

        @Override
        public void onNext(A answer) {
            onAnswer.accept(answer);
        }

        @Override
        public void onError(Throwable failure) {
            Status status = link.named(Status.fromThrowable(failure));
            leave(link, status);
            onFailure.accept(status);
        }

        @Override
        public void onCompleted() {}
    }

    /** The link for what is started now; null once closed. */
    private @Nullable Link link() {
        synchronized (lock) {
            Link link = links[preferred];
            if (link == null && !closed) {
                Endpoint endpoint = settings.endpoints().get(preferred);
                link = new Link(
                        endpoint,
                        Channels.open(endpoint, threads),
                        clockwork,
                        TimeUnit.NANOSECONDS.convert(settings.requestTimeout()),
                        this::leave);
                links[preferred] = link;
            }
            return closed ? null : link;
        }
    }

    /** What is started from now on goes to the next endpoint, unless the trouble is not the endpoint's. */
    private void leave(Link link, Status status) {
        if (Troubles.isOfEndpoint(status)) {
            synchronized (lock) {
                if (links[preferred] == link) {
                    preferred = (preferred + 1) % links.length;
                }
            }
        }
    }

    @Override
    public void close() {
        List<Link> open = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            for (Link link : links) {
                if (link != null) {
                    open.add(link);
                }
            }
        }
        open.forEach(Link::close);
        endThreads(open);
    }

    /** Once the channels have ended: one that is just connecting needs a thread to find out that it is closed. */
    private void endThreads(List<Link> closing) {
        Object unused = closing.stream().allMatch(Link::hasEnded)
                ? threads.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                : threads.schedule(() -> endThreads(closing), 10, TimeUnit.MILLISECONDS);
    }
}
