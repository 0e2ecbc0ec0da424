package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real transport: starts commands and sends requests on the link that is in use, as soon as there is one. */
public final class Connection implements Transport, AutoCloseable {
    /**
     * What a connection needs to know.
     *
     * @param endpoints at least one
     * @param requestTimeout how long a request may take
     * @param staleAfter how old a proof may be
     * @param backoff how long to rest between attempts
     * @param security of the channels
     */
    public record Settings(
            List<Endpoint> endpoints,
            Duration requestTimeout,
            Duration staleAfter,
            Backoff backoff,
            Security security) {
        long requestNanos() {
            return TimeUnit.NANOSECONDS.convert(requestTimeout);
        }

        long staleNanos() {
            return TimeUnit.NANOSECONDS.convert(staleAfter);
        }
    }

    /** How many times longer the rest is after an attempt that was a lot of work in vain. */
    private static final int COSTLY = 10;

    private final Settings settings;
    private final Clockwork clockwork;
    private final Router router;
    private final Retries retries;
    private final Reads reads;

    /**
     * Creates a connection. Connects when first used.
     *
     * @param settings see there
     * @param clockwork serializes what happens
     * @param onReplaced told, in the serial context, that another store answers than before
     */
    Connection(Settings settings, Clockwork clockwork, Runnable onReplaced) {
        this.settings = settings;
        this.clockwork = clockwork;
        this.retries = new Retries(clockwork);
        this.reads = new Reads(this, clockwork);
        this.router = new Router(settings, clockwork, reads::isAwaited, new Ancestry(onReplaced), reads::linkChanged);
    }

    // ---- commands of feeds

    @Override
    public Running start(Span span, Command command, Consumer<Event> events) {
        if (command instanceof Command.Rest rest) {
            return rest(rest, events);
        }
        if (command instanceof Command.Follow follow) {
            Watch watch = new Watch(this, span, follow, events);
            clockwork.run(() -> router.enter(watch));
            return watch;
        }
        return reads.start(span, command, events);
    }

    private Running rest(Command.Rest rest, Consumer<Event> events) {
        long nanos = settings.backoff().nanos(rest.attempt(), ThreadLocalRandom.current());
        long pause = rest.costly() && nanos < Long.MAX_VALUE / COSTLY ? nanos * COSTLY : nanos;
        return clockwork.after(pause, () -> retries.admit(() -> events.accept(new Event.Rested(rest.ticket()))));
    }

    /** A feed is in step, which makes way for others. In the serial context. */
    void succeeded() {
        retries.succeeded();
    }

    /** Runs a task in the serial context. From any thread. */
    void run(Runnable task) {
        clockwork.run(task);
    }

    /** The link in use; if there is none, one is looked for. Runs in the serial context. */
    @Nullable
    Link link() {
        return router.link();
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
        Link link = router.linkForRequest();
        if (link != null) {
            send(link, method, request, answer);
        } else {
            Request<Q, A> waiting = new Request<>(method, request, answer);
            // by the timer itself: the caller may be holding up the serial context while it waits
            clockwork.independently(settings.requestNanos(), waiting::giveUp);
            clockwork.run(() -> router.enter(waiting));
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
        send(link, method, request, CallOptions.DEFAULT, onAnswer, onFailure);
    }

    <Q, A> void send(
            Link link,
            MethodDescriptor<Q, A> method,
            Q request,
            CallOptions options,
            Consumer<? super A> onAnswer,
            Consumer<Status> onFailure) {
        long sent = System.nanoTime();
        link.call(method, request, options, new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                onAnswer.accept(answer);
            }

            @Override
            public void onError(Throwable failure) {
                Status status = link.named(Status.fromThrowable(failure));
                router.failed(link, sent, status);
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
                Trouble why = router.despair();
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
            if (decided.compareAndSet(false, true)) {
                answer.completeExceptionally(new IllegalStateException("the EtcdValues is closed"));
            }
        }

        @Override
        public boolean hasLeft() {
            return decided.get();
        }
    }

    @Override
    public void close() {
        router.close();
    }
}
