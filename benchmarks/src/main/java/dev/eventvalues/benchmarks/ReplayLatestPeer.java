package dev.eventvalues.benchmarks;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Sinks;

/**
 * Reactor's sink that replays one state, with the operator that conflates for slow subscribers: the sink alone keeps
 * for each of them all that it missed.
 */
final class ReplayLatestPeer implements Peer<ReplayLatestPeer.Reader> {
    private final Sinks.Many<Object> sink = Sinks.many().replay().latest();

    @Override
    public void set(Object state) {
        // Refused while another producer emits: the documented answer is to try again.
        while (sink.tryEmitNext(state) == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Reader open() {
        Reader reader = new Reader();
        sink.asFlux().onBackpressureLatest().subscribe(reader);
        return reader;
    }

    @Override
    public Object next(Reader reader) throws InterruptedException {
        reader.subscription.request(1);
        return reader.take();
    }

    @Override
    public void close(Reader reader) {
        reader.subscription.cancel();
    }

    /** A subscriber that asks for one state at a time. */
    static final class Reader extends Slot implements CoreSubscriber<Object> {
        @SuppressWarnings("NullAway.Init") // subscribing sets it
        private Subscription subscription;

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
        }

        @Override
        public void onNext(Object state) {
            leave(state);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {}
    }
}
