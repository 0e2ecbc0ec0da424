package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Route;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The real transport: one channel for each endpoint that is tried, of which one is used at a time. Runs the state machine
 * that chooses it, {@link Route}.
 */
public final class Connection implements Transport, AutoCloseable {
    /**
     * What a connection needs to know.
     *
     * @param endpoints at least one
     * @param requestTimeout how long a request may take
     * @param staleAfter how old a proof may be
     * @param backoff how long to rest between attempts
     * @param pageSize how many keys to read at once
     */
    public record Settings(
            List<Endpoint> endpoints, Duration requestTimeout, Duration staleAfter, Backoff backoff, int pageSize) {
        long requestNanos() {
            return TimeUnit.NANOSECONDS.convert(requestTimeout);
        }

        long staleNanos() {
            return TimeUnit.NANOSECONDS.convert(staleAfter);
        }
    }

    /** How many times longer the rest is after an attempt that was a lot of work in vain. */
    private static final int COSTLY = 10;

    private static final Trouble NOT_TRIED = new Trouble(Trouble.Kind.UNREACHABLE, "no endpoint has answered yet");

    private final Settings settings;
    private final Clockwork clockwork;
    private final Link.Times times;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("event-values-etcd-io", true), NioIoHandler.newFactory());

    /** The connections that are open; their index is that of the endpoint. Guarded by the serial context, as all else. */
    private final @Nullable Link[] links;

    private final List<Link> closing = new ArrayList<>();
    private final Gate gate = new Gate();
    private final Retries retries;
    private final Reads reads;
    private Route route;

    /** When a link was last chosen. */
    private long chosenAt;

    private Transport.@Nullable Running wake;
    private Trouble despair = NOT_TRIED;

    /** Whether a request has been sent since the link was last proved. Written by any thread; a lost update harms not. */
    private volatile boolean requested;

    /** The link in use, for requests that do not pass the serial context. Written in it. */
    private volatile @Nullable Link usable;

    private volatile boolean closed;

    /**
     * Creates a connection. Connects when first used.
     *
     * @param settings see there
     * @param clockwork serializes what happens
     */
    Connection(Settings settings, Clockwork clockwork) {
        this.settings = settings;
        this.clockwork = clockwork;
        long third = settings.staleNanos() / 3;
        this.times = new Link.Times(
                settings.requestNanos(),
                third,
                Math.max(third, Math.min(settings.requestNanos(), TimeUnit.SECONDS.toNanos(1))),
                settings.staleNanos());
        this.links = new Link[settings.endpoints().size()];
        this.retries = new Retries(clockwork);
        this.reads = new Reads(this, clockwork, retries, settings.pageSize());
        this.route = Route.start(links.length);
    }

    // ---- commands of feeds

    @Override
    public Running start(Span span, Command command, Consumer<Event> events) {
        if (command instanceof Command.Rest rest) {
            return rest(rest, events);
        }
        if (command instanceof Command.Follow follow) {
            Follow started = new Follow(span, follow, events);
            clockwork.run(() -> {
                if (!gate.enter(started)) {
                    step(new Route.Event.Wanted());
                }
            });
            return started;
        }
        return reads.start(span, command, events);
    }

    private Running rest(Command.Rest rest, Consumer<Event> events) {
        long nanos = settings.backoff().nanos(rest.attempt(), ThreadLocalRandom.current());
        long pause = rest.costly() && nanos < Long.MAX_VALUE / COSTLY ? nanos * COSTLY : nanos;
        return clockwork.after(pause, () -> retries.admit(() -> events.accept(new Event.Rested(rest.ticket()))));
    }

    private final class Follow implements Gate.Guest, Running {
        private final Span span;
        private final Command.Follow command;
        private final Consumer<Event> events;

        /** Both are guarded by the serial context. */
        private @Nullable Running running;

        private boolean abandoned;

        Follow(Span span, Command.Follow command, Consumer<Event> events) {
            this.span = span;
            this.command = command;
            this.events = events;
        }

        @Override
        public void pass(Link link) {
            running = link.follow(span, command, events);
        }

        @Override
        public void delayed(Trouble trouble) {
            events.accept(new Event.Delayed(command.ticket(), trouble));
        }

        @Override
        public void turnedAway() {}

        @Override
        public boolean hasLeft() {
            return abandoned;
        }

        @Override
        public void abandon() {
            clockwork.run(() -> {
                abandoned = true;
                if (running != null) {
                    running.abandon();
                }
            });
        }
    }

    /** The link in use; if there is none, one is looked for. Runs in the serial context. */
    @Nullable
    Link usableLink() {
        if (gate.link() == null) {
            step(new Route.Event.Wanted());
        }
        return gate.link();
    }

    // ---- requests

    /**
     * Sends a request, at once if an endpoint is in use, else as soon as there is one. May be called from any thread;
     * never blocks.
     *
     * @param <Q> the request
     * @param <A> the answer
     * @param method a unary method of etcd
     * @param request what is asked
     * @return the answer; completed on an IO thread, or fails with a {@link RequestFailedException}
     */
    <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        Link link = usable;
        if (link != null) {
            send(link, method, request, answer);
        } else {
            Request<Q, A> waiting = new Request<>(method, request, answer);
            // by the timer itself: the caller may be holding up the serial context while it waits
            clockwork.independently(settings.requestNanos(), waiting::giveUp);
            clockwork.run(() -> {
                if (closed) {
                    waiting.giveUp();
                } else if (!gate.enter(waiting)) {
                    step(new Route.Event.Wanted());
                }
            });
        }
        return answer;
    }

    private <Q, A> void send(Link link, MethodDescriptor<Q, A> method, Q request, CompletableFuture<A> answer) {
        send(
                link,
                method,
                request,
                answer::complete,
                status -> answer.completeExceptionally(new RequestFailedException(status)));
    }

    /** Sends a request; one of the two outcomes is called, once, on any thread. */
    <Q, A> void send(
            Link link,
            MethodDescriptor<Q, A> method,
            Q request,
            Consumer<? super A> onAnswer,
            Consumer<Status> onFailure) {
        requested = true;
        long sent = System.nanoTime();
        link.call(method, request, new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                onAnswer.accept(answer);
            }

            @Override
            public void onError(Throwable failure) {
                Status status = link.named(Status.fromThrowable(failure));
                if (status.getCode() == Status.Code.UNAVAILABLE) {
                    clockwork.run(() -> suspectSince(sent, link, status));
                }
                onFailure.accept(status);
            }

            @Override
            public void onCompleted() {}
        });
    }

    /** A request that waits for an endpoint, but not for ever. */
    private final class Request<Q, A> implements Gate.Guest {
        private final MethodDescriptor<Q, A> method;
        private final Q request;
        private final CompletableFuture<A> answer;

        /** Whether it has been sent or given up: the one who sets it acts. */
        private final AtomicBoolean decided = new AtomicBoolean();

        Request(MethodDescriptor<Q, A> method, Q request, CompletableFuture<A> answer) {
            this.method = method;
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void pass(Link link) {
            if (decided.compareAndSet(false, true)) {
                send(link, method, request, answer);
            }
        }

        void giveUp() {
            if (decided.compareAndSet(false, true)) {
                Trouble why = despair;
                answer.completeExceptionally(RequestFailedException.notSent(new Trouble(
                        why.kind(),
                        "not sent, as no endpoint could be used within "
                                + settings.requestTimeout().toMillis() + " ms: " + why.message())));
            }
        }

        @Override
        public void delayed(Trouble trouble) {
            if (trouble.kind().isPermanent()) {
                giveUp();
            }
        }

        @Override
        public void turnedAway() {
            giveUp();
        }

        @Override
        public boolean hasLeft() {
            return decided.get();
        }
    }

    // ---- which endpoint

    /** What was sent before the link was last chosen says nothing new about it. */
    private void suspectSince(long sent, Link link, Status status) {
        if (sent - chosenAt > 0) {
            suspect(link, status);
        }
    }

    private void suspect(Link link, Status status) {
        if (link.equals(gate.link())) {
            step(new Route.Event.Suspected(link.index(), Troubles.of(status)));
        }
    }

    private void step(Route.Event event) {
        if (closed) {
            return;
        }
        Route.Step step = route.step(event, System.nanoTime());
        route = step.next();
        step.commands().forEach(this::run);
    }

    private void run(Route.Command command) {
        if (command instanceof Route.Command.Probe probe) {
            probe(probe.endpoint());
        } else if (command instanceof Route.Command.Use use) {
            use(use.endpoint());
        } else if (command instanceof Route.Command.Doubt) {
            usable = null;
            gate.shut();
        } else if (command instanceof Route.Command.Despair told) {
            despair = told.trouble();
            gate.tell(despair);
            reads.tell(despair);
        } else if (command instanceof Route.Command.Renew) {
            closeAllBut(null, Status.UNAVAILABLE.withDescription("no answer on this connection"));
        } else if (command instanceof Route.Command.Wake later) {
            wakeAfter(later);
        }
    }

    private void probe(int endpoint) {
        requested = false;
        Link link = link(endpoint);
        link.probe(
                () -> {
                    if (link.equals(links[endpoint])) { // else it has been closed since
                        step(new Route.Event.Proved(endpoint));
                    }
                },
                status -> step(new Route.Event.Failed(endpoint, Troubles.of(status))));
    }

    private void use(int endpoint) {
        Link link = link(endpoint);
        despair = NOT_TRIED;
        chosenAt = System.nanoTime();
        usable = link;
        gate.open(link);
        closeAllBut(
                link,
                Status.UNAVAILABLE.withDescription(
                        "left for " + settings.endpoints().get(endpoint)));
        reads.send();
    }

    private void wakeAfter(Route.Command.Wake later) {
        if (wake != null) {
            wake.abandon();
        }
        wake = clockwork.after(nanos(later.pause()), () -> step(new Route.Event.Due(later.ticket(), isNeeded())));
    }

    private long nanos(Route.Pause pause) {
        if (pause instanceof Route.Pause.Rest rest) {
            return settings.backoff().nanos(rest.attempt(), ThreadLocalRandom.current());
        }
        return pause instanceof Route.Pause.ForAnswer
                ? Math.min(settings.staleNanos() / 10, TimeUnit.MILLISECONDS.toNanos(500))
                : times.probe();
    }

    private boolean isNeeded() {
        return gate.isAwaited()
                || reads.isAwaited()
                || requested
                || Arrays.stream(links).anyMatch(link -> link != null && link.watches() > 0);
    }

    private Link link(int endpoint) {
        Link link = links[endpoint];
        if (link == null) {
            Endpoint place = settings.endpoints().get(endpoint);
            link = new Link(endpoint, place, Channels.open(place, threads), clockwork, times, this::suspect);
            links[endpoint] = link;
        }
        return link;
    }

    private void closeAllBut(@Nullable Link kept, Status reason) {
        for (int i = 0; i < links.length; i++) {
            Link link = links[i];
            if (link != null && link != kept) {
                links[i] = null;
                closing.removeIf(Link::hasEnded);
                closing.add(link);
                link.retire(reason);
            }
        }
    }

    // ---- the end

    @Override
    public void close() {
        closed = true;
        usable = null;
        clockwork.run(() -> {
            gate.close();
            Arrays.stream(links).filter(Objects::nonNull).forEach(closing::add);
            closing.forEach(Link::close);
            endThreads(List.copyOf(closing));
        });
    }

    /** Once the channels have ended: one that is just connecting needs a thread to find out that it is closed. */
    private void endThreads(List<Link> ending) {
        Object unused = ending.stream().allMatch(Link::hasEnded)
                ? threads.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                : threads.schedule(() -> endThreads(ending), 10, TimeUnit.MILLISECONDS);
    }
}
