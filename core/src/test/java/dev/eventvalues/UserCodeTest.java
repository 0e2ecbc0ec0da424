package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promise 9: user code runs on the thread of the call that receives it, or on the executor passed with it; never with a
 * lock held; and an executor that refuses ends its registration, not the producer.
 */
class UserCodeTest {
    private final MemoryValue<Integer> value = new MemoryValue<>();
    private final Set<Thread> ranOn = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private <T> T here(T result) {
        ranOn.add(Thread.currentThread());
        return result;
    }

    /** A view with all kinds of functions in it. */
    private ValueReader<Integer> view() {
        ValueReader<Integer> view =
                value.map(this::here).filter(state -> here(true)).distinct((last, now) -> here(false));
        return Values.combine(view, view, (a, b) -> here(a));
    }

    @Nested
    class RunsOnTheThread {
        @Test
        void thatCallsNextEvenIfItWasWokenByAnother() throws Exception {
            try (Watcher<Integer> watcher = view().watch()) {
                Call<Thread> next = Call.of(() -> {
                            watcher.next(state -> here(state == 2));
                            return Thread.currentThread();
                        })
                        .blocked();
                value.set(1);
                value.set(2);
                assertThat(next.result()).isIn(ranOn);
                assertThat(ranOn).hasSize(1);
            }
        }

        @Test
        void thatAsks() throws Exception {
            value.set(1);
            view().current();
            view().await(state -> here(true));
            view().watch().poll();
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }

        @Test
        void thatUpdates() {
            value.set(1);
            value.update(UserCodeTest.this::here);
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }

        @Test
        void ofTheExecutorOfAListener() {
            CountDownLatch heard = new CountDownLatch(2);
            view().onChange(
                            state -> {
                                here(state);
                                heard.countDown();
                            },
                            executor);
            value.set(1);
            eventually("the first state is heard", () -> heard.getCount() == 1);
            value.set(2);
            eventually("the second state is heard", () -> heard.getCount() == 0);
            assertThat(ranOn).hasSize(1).doesNotContain(Thread.currentThread());
        }

        @Test
        void ofTheExecutorOfAPublisher() {
            Subscriber<Integer> subscriber = new Subscriber<>();
            view().publisher(executor).subscribe(subscriber);
            subscriber.request(1);
            value.set(1);
            eventually("the state is published", () -> subscriber.states().contains(1));
            assertThat(ranOn).hasSize(1).doesNotContain(Thread.currentThread());
            subscriber.cancel();
        }

        /** The caller's choice. */
        @Test
        void ofTheSetterIfTheExecutorIsDirect() {
            value.onChange(UserCodeTest.this::here, Runnable::run);
            value.set(1);
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }
    }

    /** While user code runs, and however long, everybody else goes on. */
    @Nested
    class HoldsNoLock {
        private final CountDownLatch running = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        private <T> T slowly(T result) {
            running.countDown();
            try {
                assertThat(goOn.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return result;
        }

        private void everybodyElseGoesOn(MemoryValue<Integer> target) throws Exception {
            assertThat(running.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            Call.to(() -> {
                        target.set(2);
                        target.update(state -> state + 1);
                        assertThat(target.compareAndSet(3, 4)).isTrue();
                        assertThat(target.current()).hasValue(4);
                        try (Watcher<Integer> watcher = target.watch()) {
                            assertThat(watcher.next()).isEqualTo(4);
                        }
                        target.onChange(state -> {}, Runnable::run).close();
                        target.watch().nextAsync(Runnable::run).join();
                    })
                    .result();
            goOn.countDown();
        }

        @Test
        void whenACondition() throws Exception {
            value.set(1);
            Call<Integer> slow = Call.of(() -> value.await(state -> slowly(true)));
            everybodyElseGoesOn(value);
            assertThat(slow.result()).isEqualTo(1);
        }

        @Test
        void whenAMapper() throws Exception {
            value.set(1);
            Call<Integer> slow = Call.of(value.map(this::slowly)::await);
            everybodyElseGoesOn(value);
            assertThat(slow.result()).isEqualTo(1);
        }

        @Test
        void whenAListener() throws Exception {
            value.set(1);
            Call<Registration> slow = Call.of(() -> value.onChange(this::slowly, Runnable::run));
            everybodyElseGoesOn(value);
            slow.result().close();
        }

        @Test
        void whenAnUpdate() throws Exception {
            value.set(1);
            AtomicBoolean first = new AtomicBoolean(true);
            Call<Integer> slow =
                    Call.of(() -> value.update(state -> first.getAndSet(false) ? slowly(state) : state + 10));
            everybodyElseGoesOn(value);
            assertThat(slow.result()).isEqualTo(14);
        }

        @Test
        void whenASelectHandler() throws Exception {
            value.set(1);
            Select select = new Select().on(value, this::slowly);
            Call<Boolean> slow = Call.of(() -> select.runOnce(BOUND));
            everybodyElseGoesOn(value);
            Call.to(() -> select.on(new MemoryValue<>(), state -> {})).result();
            Call.to(select::close).result();
            slow.result();
        }

        @Test
        void whenAConditionOnARendezvous() throws Exception {
            RendezvousValue<Integer> rendezvous = new RendezvousValue<>();
            Watcher<Integer> watcher = rendezvous.watch();
            Call<Void> set = Call.to(() -> rendezvous.set(1)).blocked();
            Call<Integer> slow = Call.of(() -> watcher.next(state -> slowly(true)));
            assertThat(running.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
            set.result();
            Call.to(() -> rendezvous.watch().close()).result();
            Call.to(watcher::close).result();
            Call.to(() -> rendezvous.set(2)).result();
            goOn.countDown();
            assertThat(slow.result()).isEqualTo(1);
        }
    }

    @Nested
    class AnExecutorThatRefuses {
        private final AtomicBoolean refusing = new AtomicBoolean();
        private final Executor moody = task -> {
            if (refusing.get()) {
                throw new RejectedExecutionException("no more");
            }
            task.run();
        };

        @Test
        void endsAListenerWithALogLineAndNeverThrowsIntoSet() {
            List<Integer> heard = new ArrayList<>();
            try (Logs logs = Logs.capture()) {
                value.onChange(heard::add, moody);
                value.set(1);
                refusing.set(true);
                value.set(2);
                assertThat(logs.failures()).singleElement().isInstanceOf(RejectedExecutionException.class);
                refusing.set(false);
                value.set(3);
                assertThat(heard).containsExactly(1);
                assertThat(logs.failures()).hasSize(1);
            }
        }

        @Test
        void atOnceEndsAListenerToo() {
            try (Logs logs = Logs.capture()) {
                refusing.set(true);
                value.set(1);
                value.onChange(state -> here(state), moody).close();
                assertThat(logs.failures()).singleElement().isInstanceOf(RejectedExecutionException.class);
                assertThat(ranOn).isEmpty();
            }
        }

        @Test
        void endsASubscriptionWithALogLine() {
            try (Logs logs = Logs.capture()) {
                Subscriber<Integer> subscriber = new Subscriber<>();
                value.publisher(moody).subscribe(subscriber);
                subscriber.request(10);
                value.set(1);
                refusing.set(true);
                value.set(2);
                assertThat(logs.failures()).singleElement().isInstanceOf(RejectedExecutionException.class);
                refusing.set(false);
                value.set(3);
                subscriber.request(1);
                assertThat(subscriber.states()).containsExactly(1);
            }
        }

        @Test
        void leavesTheOtherListenersAlone() {
            List<Integer> heard = new ArrayList<>();
            try (Logs logs = Logs.capture()) {
                value.onChange(state -> {}, moody);
                value.onChange(heard::add, Runnable::run);
                value.onChange(state -> {}, moody);
                refusing.set(true);
                value.set(1);
                assertThat(heard).containsExactly(1);
                assertThat(logs.failures()).hasSize(2);
            }
        }
    }
}
