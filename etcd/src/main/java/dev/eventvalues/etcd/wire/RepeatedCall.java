package dev.eventvalues.etcd.wire;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call of one request and one answer that is made once more if the first attempt was turned away at the door, so that
 * it has certainly not been executed.
 */
final class RepeatedCall<Q, A> extends ClientCall<Q, A> {
    /**
     * One attempt.
     *
     * @param call not started yet
     * @param turnedAway whether the status in which it ended says that it was turned away
     */
    record Attempt<Q, A>(ClientCall<Q, A> call, Predicate<Status> turnedAway) {}

    private final Supplier<Attempt<Q, A>> attempts;

    /** What has started last. Written by the caller, then once by the thread that ends the first attempt. */
    private volatile @Nullable ClientCall<Q, A> running;

    /* What the caller did, to be done again. Written by the caller before sent. */
    private Metadata headers = new Metadata();
    private int requested;
    private @Nullable Q message;

    /** Whether the caller has said all there is to say. Written by the caller, before the answer can come. */
    private volatile boolean sent;

    /** Written by whoever cancels. */
    private volatile boolean cancelled;

    /**
     * Creates a call.
     *
     * @param attempts makes the first attempt, and the second if there is one
     */
    RepeatedCall(Supplier<Attempt<Q, A>> attempts) {
        this.attempts = attempts;
    }

    @Override
    public void start(Listener<A> listener, Metadata given) {
        headers = copy(given);
        start(listener, true);
    }

    private ClientCall<Q, A> start(Listener<A> listener, boolean first) {
        Attempt<Q, A> attempt = attempts.get();
        attempt.call.start(new Ending(listener, attempt.turnedAway, first), copy(headers));
        running = attempt.call;
        return attempt.call;
    }

    private void repeat(Listener<A> listener) {
        ClientCall<Q, A> second = start(listener, false);
        second.request(requested);
        say(second, Objects.requireNonNull(message));
        if (cancelled) { // perhaps it was only the first that was
            second.cancel("cancelled", null);
        }
    }

    /** gRPC writes into the headers of a call. */
    private static Metadata copy(Metadata headers) {
        Metadata copy = new Metadata();
        copy.merge(headers);
        return copy;
    }

    private ClientCall<Q, A> running() {
        return Objects.requireNonNull(running, "not started");
    }

    @Override
    public void request(int messages) {
        requested += messages;
        running().request(messages);
    }

    /** The one message is all: a server may answer as soon as it has it, without waiting for the end. */
    @Override
    public void sendMessage(Q request) {
        message = request;
        ClientCall<Q, A> first = running();
        sent = true;
        say(first, request);
    }

    private static <Q> void say(ClientCall<Q, ?> call, Q request) {
        call.sendMessage(request);
        call.halfClose();
    }

    /** Done with the message. */
    @Override
    public void halfClose() {}

    @Override
    public void cancel(@Nullable String reason, @Nullable Throwable cause) {
        cancelled = true;
        ClientCall<Q, A> started = running;
        if (started != null) {
            started.cancel(reason, cause);
        }
    }

    private final class Ending extends SimpleForwardingClientCallListener<A> {
        private final Predicate<Status> turnedAway;
        private final boolean first;

        /** Written by gRPC's callbacks, which come one after another. */
        private boolean answered;

        Ending(Listener<A> listener, Predicate<Status> turnedAway, boolean first) {
            super(listener);
            this.turnedAway = turnedAway;
            this.first = first;
        }

        @Override
        public void onHeaders(Metadata received) {
            answered = true;
            super.onHeaders(received);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (turnedAway.test(status) && first && !answered && sent && !cancelled) {
                repeat(delegate());
            } else {
                super.onClose(status, trailers);
            }
        }
    }
}
