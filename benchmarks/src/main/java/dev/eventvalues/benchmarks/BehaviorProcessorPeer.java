package dev.eventvalues.benchmarks;

import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import org.reactivestreams.Subscription;

/** RxJava's processor that remembers one state, with the operator that conflates for slow subscribers. */
final class BehaviorProcessorPeer implements Peer<BehaviorProcessorPeer.Reader> {
    private final BehaviorProcessor<Object> processor = BehaviorProcessor.create();

    @Override
    public void set(Object state) {
        processor.onNext(state);
    }

    @Override
    public Reader open() {
        Reader reader = new Reader();
        processor.onBackpressureLatest().subscribe(reader);
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
    static final class Reader extends Slot implements FlowableSubscriber<Object> {
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
