package dev.eventvalues.internal;

import dev.eventvalues.ValueReader;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Publishes a value's states: each subscriber asks at its own pace and gets the newest state it has not seen. */
public final class ConflatingPublisher<T> implements Flow.Publisher<T> {
    private static final System.Logger LOG = System.getLogger(ConflatingPublisher.class.getPackageName());

    private final ValueReader<T> value;
    private final Executor executor;

    /**
     * Creates a publisher.
     *
     * @param value what to publish
     * @param executor runs the subscribers' {@code onNext}, {@code onError} and {@code onComplete}
     */
    public ConflatingPublisher(ValueReader<T> value, Executor executor) {
        this.value = value;
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription<T> subscription = open(subscriber);
        try {
            subscriber.onSubscribe(subscription);
        } catch (Throwable broken) { // rule 2.13: a subscriber that throws counts as cancelled
            LOG.log(System.Logger.Level.ERROR, "onSubscribe threw; the subscription is cancelled", Discreet.of(broken));
            subscription.cancel();
        }
        subscription.start(); // only now, so that no signal overtakes onSubscribe
    }

    private Subscription<T> open(Flow.Subscriber<? super T> subscriber) {
        try {
            return new Subscription<>(Cursor.open(value), executor, subscriber);
        } catch (RuntimeException closed) { // rule 1.9: told by onError, after onSubscribe
            Subscription<T> refused = new Subscription<>(new Cell<T>().cursor(), executor, subscriber);
            refused.refusal = closed;
            return refused;
        }
    }

    private static final class Subscription<T> extends Turns implements Flow.Subscription {
        private final Cursor<T> cursor;

        /** Null once ended, so that a cancelled subscriber can be collected (rule 3.13). */
        private volatile Flow.@Nullable Subscriber<? super T> subscriber;

        /** What was asked for and not yet sent; {@link Long#MAX_VALUE} is without bound. */
        private final AtomicLong demand = new AtomicLong();

        /** The last signal, if it was not the subscriber who ended the subscription. Set once, before a turn. */
        private volatile @Nullable Throwable refusal;

        Subscription(Cursor<T> cursor, Executor executor, Flow.Subscriber<? super T> subscriber) {
            super(executor);
            this.cursor = cursor;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refusal = new IllegalArgumentException(
                        "request(" + n + "): a subscriber must ask for at least 1" + " (Reactive Streams rule 3.9)");
            } else {
                demand.accumulateAndGet(n, (asked, more) -> asked + more < 0 ? Long.MAX_VALUE : asked + more);
            }
            wake();
        }

        @Override
        public void cancel() {
            end();
        }

        @Override
        boolean turn() {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return false;
            }
            if (refusal != null) {
                signalEnd(to, refusal);
                return false;
            }
            if (demand.get() == 0) {
                return false; // not armed either: a set costs nothing while nobody asks
            }
            T state;
            try {
                state = cursor.takeOrArm(this);
            } catch (Throwable failure) {
                if (cursor.ended()) {
                    signalEnd(to, null);
                    return false;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a state failed and was skipped by a publisher",
                        Discreet.of(failure));
                return true;
            }
            if (state == null) {
                return false;
            }
            if (!hasEnded()) {
                demand.updateAndGet(asked -> asked == Long.MAX_VALUE ? asked : asked - 1);
                try {
                    to.onNext(state);
                } catch (Throwable broken) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "onNext threw; the subscription is cancelled",
                            Discreet.of(broken));
                    end();
                }
            }
            return true;
        }

        private void signalEnd(Flow.Subscriber<? super T> to, @Nullable Throwable error) {
            if (!end()) {
                return;
            }
            try {
                if (error == null) {
                    to.onComplete();
                } else {
                    to.onError(error);
                }
            } catch (Throwable broken) {
                LOG.log(System.Logger.Level.ERROR, "a subscriber threw on its last signal", Discreet.of(broken));
            }
        }

        @Override
        void cleanUp() {
            subscriber = null;
            cursor.close();
        }

        @Override
        void rejected(Throwable reason) {
            LOG.log(System.Logger.Level.WARNING, "the executor refused; the subscription is cancelled", reason);
        }
    }
}
