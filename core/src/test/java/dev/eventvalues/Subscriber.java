package dev.eventvalues;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** Asks for states when a test says so, and keeps what it got. */
class Subscriber<T> implements Flow.Subscriber<T> {
    private final List<T> states = new CopyOnWriteArrayList<>();
    private volatile Flow.Subscription subscription;
    private volatile Object end;

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
    }

    @Override
    public void onNext(T state) {
        states.add(state);
    }

    @Override
    public void onError(Throwable failure) {
        end = failure;
    }

    @Override
    public void onComplete() {
        end = "complete";
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    List<T> states() {
        return states;
    }

    /** What it failed with, or "complete". */
    Optional<Object> end() {
        return Optional.ofNullable(end);
    }
}
