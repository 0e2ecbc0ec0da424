package dev.eventvalues.benchmarks;

import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/**
 * The JDK's publisher, with a direct executor.
 *
 * <p>Its buffers keep the oldest states and it does not replay, so a reader takes every state as it comes and keeps the
 * last, and the cell keeps the newest for those who come later.
 */
final class SubmissionPublisherPeer implements Peer<SubmissionPublisherPeer.Reader> {
    private final SubmissionPublisher<Object> publisher = new SubmissionPublisher<>(Runnable::run, 1);
    private volatile Object newest = "nothing";

    @Override
    public void set(Object state) {
        newest = state;
        publisher.submit(state);
    }

    @Override
    public Reader open() {
        Reader reader = new Reader();
        reader.leave(newest);
        publisher.subscribe(reader);
        return reader;
    }

    @Override
    public Object next(Reader reader) throws InterruptedException {
        return reader.take();
    }

    @Override
    public void close(Reader reader) {
        reader.subscription.cancel();
    }

    /** A subscriber that asks for all. */
    static final class Reader extends Slot implements Flow.Subscriber<Object> {
        @SuppressWarnings("NullAway.Init") // subscribing sets it
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription s) {
            subscription = s;
            s.request(Long.MAX_VALUE);
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
