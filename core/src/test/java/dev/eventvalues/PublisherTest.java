package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promise 14, besides {@link PublisherTckTest}: states are conflated under back-pressure, and bad subscribers. */
class PublisherTest {
    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final Subscriber<Integer> subscriber = new Subscriber<>();
    private final Flow.Publisher<Integer> publisher = value.publisher(Runnable::run);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void nothingIsPublishedUnasked() {
        publisher.subscribe(subscriber);
        value.set(1);
        assertThat(subscriber.states()).isEmpty();
    }

    /** A flaw of the original: its bridge took a state early and handed it over late, with newer ones behind it. */
    @Test
    void aSlowSubscriberGetsTheNewestStateNotTheOldest() {
        publisher.subscribe(subscriber);
        value.set(1);
        value.set(2);
        value.set(3);
        subscriber.request(1);
        assertThat(subscriber.states()).containsExactly(3);
        subscriber.request(1);
        value.set(4);
        assertThat(subscriber.states()).containsExactly(3, 4);
    }

    @Test
    void aStateThatComesBetweenTheSubmissionAndTheTurnIsTheOneHandedOver() throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        value.publisher(tasks::add).subscribe(subscriber);
        subscriber.request(1);
        value.set(1);
        value.set(2);
        tasks.forEach(Runnable::run);
        assertThat(subscriber.states()).containsExactly(2);
    }

    @Test
    void demandAddsUp() {
        publisher.subscribe(subscriber);
        subscriber.request(1);
        subscriber.request(1);
        for (int i = 1; i <= 3; i++) {
            value.set(i);
        }
        assertThat(subscriber.states()).containsExactly(1, 2);
    }

    @Test
    void demandWithoutBoundStaysWithoutBound() {
        publisher.subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        subscriber.request(Long.MAX_VALUE);
        for (int i = 1; i <= 1_000; i++) {
            value.set(i);
        }
        assertThat(subscriber.states()).hasSize(1_000);
    }

    @Test
    void eachSubscriberHasItsOwnPace() {
        Subscriber<Integer> other = new Subscriber<>();
        publisher.subscribe(subscriber);
        publisher.subscribe(other);
        subscriber.request(Long.MAX_VALUE);
        value.set(1);
        value.set(2);
        other.request(1);
        assertThat(subscriber.states()).containsExactly(1, 2);
        assertThat(other.states()).containsExactly(2);
    }

    @Test
    void theLastStateIsAlwaysPublishedAndNeverTwoAtOnce() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Subscriber<Integer> watchful = new Subscriber<>() {
            @Override
            public void onNext(Integer state) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                super.onNext(state);
                request(1);
                inside.decrementAndGet();
            }
        };
        value.publisher(executor).subscribe(watchful);
        watchful.request(1);
        for (int i = 1; i <= 20_000; i++) {
            value.set(i);
        }
        eventually("the last state is published", () -> watchful.states().contains(20_000));
        assertThat(watchful.states()).isSorted().doesNotHaveDuplicates();
        assertThat(most).hasValue(1);
        watchful.cancel();
    }

    @Test
    void aCancelledSubscriptionGetsNothing() {
        publisher.subscribe(subscriber);
        subscriber.request(10);
        subscriber.cancel();
        subscriber.cancel();
        subscriber.request(1);
        value.set(1);
        assertThat(subscriber.states()).isEmpty();
        assertThat(subscriber.end()).isEmpty();
    }

    @Test
    void cancellingWhileAStateIsComputedStopsIt() {
        value.map(state -> {
                    subscriber.cancel();
                    return state;
                })
                .publisher(Runnable::run)
                .subscribe(subscriber);
        subscriber.request(1);
        value.set(1);
        assertThat(subscriber.states()).isEmpty();
    }

    /** Also while somebody keeps the subscription. */
    @Test
    void aCancelledSubscriptionLetsGoOfItsSubscriber() {
        List<Flow.Subscription> kept = new ArrayList<>();
        WeakReference<Flow.Subscriber<Integer>> gone = new WeakReference<>(subscribeAndCancel(kept));
        eventually("the subscriber is collected", () -> {
            System.gc();
            return gone.get() == null;
        });
        assertThat(kept).hasSize(1);
    }

    private Flow.Subscriber<Integer> subscribeAndCancel(List<Flow.Subscription> kept) {
        Subscriber<Integer> brief = new Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription granted) {
                super.onSubscribe(granted);
                kept.add(granted);
            }
        };
        publisher.subscribe(brief);
        brief.request(1);
        brief.cancel();
        return brief;
    }

    @Test
    void askingForNothingIsAnError() {
        publisher.subscribe(subscriber);
        subscriber.request(0);
        assertThat(subscriber.end())
                .hasValueSatisfying(failure -> assertThat((Throwable) failure)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9"));
        value.set(1);
        assertThat(subscriber.states()).isEmpty();
    }

    @Test
    void aSubscriberThatThrowsIsCancelledAndLogged() {
        Subscriber<Integer> broken = new Subscriber<>() {
            @Override
            public void onNext(Integer state) {
                throw new IllegalStateException("broken subscriber");
            }
        };
        try (Logs logs = Logs.capture()) {
            publisher.subscribe(broken);
            broken.request(10);
            value.set(1);
            value.set(2);
            assertThat(logs.failures()).singleElement().hasToString("java.lang.IllegalStateException");
        }
    }

    @Test
    void aSubscriberThatThrowsOnSubscribeIsCancelledAndLogged() {
        Subscriber<Integer> broken = new Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription granted) {
                granted.request(10);
                throw new IllegalStateException("broken subscriber");
            }
        };
        try (Logs logs = Logs.capture()) {
            publisher.subscribe(broken);
            value.set(1);
            assertThat(broken.states()).isEmpty();
            assertThat(logs.failures()).hasSize(1);
        }
    }

    @Test
    void aSubscriberThatThrowsOnItsLastSignalIsLogged() {
        Subscriber<Integer> broken = new Subscriber<>() {
            @Override
            public void onError(Throwable failure) {
                throw new IllegalStateException("broken subscriber");
            }
        };
        try (Logs logs = Logs.capture()) {
            publisher.subscribe(broken);
            broken.request(0);
            assertThat(logs.failures()).singleElement().hasToString("java.lang.IllegalStateException");
        }
    }

    @Test
    void noSignalOvertakesOnSubscribe() throws Exception {
        value.set(1);
        CountDownLatch granted = new CountDownLatch(1);
        Subscriber<Integer> slow = new Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                super.onSubscribe(subscription);
                request(1);
                Call.to(() -> value.set(2)).result();
                assertThat(states()).isEmpty();
                granted.countDown();
            }
        };
        value.publisher(executor).subscribe(slow);
        assertThat(granted.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        eventually("the state is published", () -> slow.states().contains(2));
    }
}
