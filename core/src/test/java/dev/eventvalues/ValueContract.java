package dev.eventvalues;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What every reader promises, wherever its value lives: the watchers' promises, and besides 10, 11, 12 and 14 as far as
 * they are the same everywhere.
 */
public abstract class ValueContract extends WatcherContract {
    private static final Duration A_MOMENT = Duration.ofMillis(20);

    /**
     * The one value of this test.
     *
     * @return the same in each call; unset at first
     */
    protected abstract ValueReader<String> reader();

    /**
     * Makes a state the newest. No test uses a state twice. Returns when {@link ValueReader#current()} shows it.
     *
     * @param state the state
     * @throws Exception to fail the test
     */
    @Override
    protected abstract void set(String state) throws Exception;

    @Override
    protected final Watcher<String> watch() {
        return reader().watch();
    }

    // ---- looking

    @Test
    void currentIsEmptyWhileUnset() {
        assertThat(reader().current()).isEmpty();
    }

    @Test
    void currentIsTheNewestStateHoweverOftenItIsRead() throws Exception {
        set("a");
        set("b");
        assertThat(reader().current()).hasValue("b");
        assertThat(reader().current()).hasValue("b");
    }

    @Test
    void currentMovesNoWatcher() throws Exception {
        try (Watcher<String> watcher = watch()) {
            set("a");
            assertThat(reader().current()).hasValue("a");
            assertThat(watcher.next(BOUND)).isEqualTo("a");
        }
    }

    // ---- awaiting

    @Test
    void awaitReturnsTheStateThatIsCurrentEachTime() throws Exception {
        set("a");
        assertThat(reader().await()).isEqualTo("a");
        assertThat(reader().await(BOUND)).isEqualTo("a");
    }

    @Test
    void awaitWaitsForTheFirstState() throws Exception {
        Call<String> await = Call.of(reader()::await).blocked();
        set("a");
        assertThat(await.result()).isEqualTo("a");
    }

    @Test
    void awaitWithAConditionWaitsForAMatch() throws Exception {
        set("a");
        Call<String> await = Call.of(() -> reader().await("c"::equals)).blocked();
        set("b");
        set("c");
        assertThat(await.result()).isEqualTo("c");
        assertThat(reader().await("c"::equals, BOUND)).isEqualTo("c");
    }

    @Test
    void awaitGivesUpInTime() throws Exception {
        assertThatThrownBy(() -> reader().await(A_MOMENT)).isInstanceOf(TimeoutException.class);
        set("a");
        assertThatThrownBy(() -> reader().await("b"::equals, A_MOMENT)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void awaitIsInterruptible() {
        Call<String> await = Call.of(reader()::await).blocked();
        await.interrupt();
        assertThat(await.failure()).isInstanceOf(InterruptedException.class);
    }

    // ---- promise 10: a failure has a position

    @Test
    void awaitStartsFreshAndThrows() throws Exception {
        set("a");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> reader().await(state -> {
                        throw new IllegalArgumentException("broken");
                    }))
                    .hasMessage("broken");
        }
        assertThat(reader().await(BOUND)).isEqualTo("a");
    }

    @Test
    void aMapperThatThrowsConsumesThatStateAndIsThrownOnce() throws Exception {
        ValueReader<String> view = reader().map(state -> {
            if (state.equals("bad")) {
                throw new IllegalArgumentException("broken");
            }
            return state + "!";
        });
        try (Watcher<String> watcher = view.watch()) {
            set("bad");
            assertThatThrownBy(() -> watcher.next(BOUND)).hasMessage("broken");
            assertThat(watcher.poll()).isEmpty();
            set("good");
            assertThat(watcher.next(BOUND)).isEqualTo("good!");
        }
    }

    // ---- promise 11: listeners

    @Test
    void aListenerGetsTheCurrentStateFirstAndThenTheNewest() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        set("a");
        Registration registration = reader().onChange(heard::add, Runnable::run);
        eventually("the current state is heard", () -> heard.contains("a"));
        set("b");
        eventually("the next state is heard", () -> heard.contains("b"));
        assertThat(heard).containsExactly("a", "b");
        registration.close();
    }

    @Test
    void aRemovedListenerHearsNothing() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Registration registration = reader().onChange(heard::add, Runnable::run);
        registration.close();
        registration.close();
        set("a");
        assertThat(reader().await(BOUND)).isEqualTo("a");
        assertThat(heard).isEmpty();
    }

    // ---- promise 12: views

    @Test
    void viewsEndAtTheNewestState() throws Exception {
        ValueReader<Integer> length = reader().map(String::length);
        ValueReader<String> longOnes = reader().filter(state -> state.length() > 2);
        ValueReader<String> pair = Values.combine(reader(), length, (state, size) -> state + size);
        try (Watcher<Integer> lengths = length.watch();
                Watcher<String> filtered = longOnes.watch();
                Watcher<String> pairs = pair.watch()) {
            set("abc");
            assertThat(lengths.next(BOUND)).isEqualTo(3);
            assertThat(filtered.next(BOUND)).isEqualTo("abc");
            assertThat(pairs.next(BOUND)).isEqualTo("abc3");
            set("x");
            assertThat(lengths.next(BOUND)).isEqualTo(1);
            assertThat(filtered.poll()).isEmpty();
            assertThat(pairs.next("x1"::equals, BOUND)).isEqualTo("x1");
            assertThat(longOnes.current()).isEmpty();
        }
    }

    // ---- promise 14: publishers

    @Test
    void aSubscriberGetsTheNewestStateWhenItAsks() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        BlockingQueue<Flow.Subscription> subscribed = new LinkedBlockingQueue<>();
        set("a");
        reader().publisher(Runnable::run).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscribed.add(subscription);
            }

            @Override
            public void onNext(String state) {
                got.add(state);
            }

            @Override
            public void onError(Throwable failure) {
                got.add("failed: " + failure);
            }

            @Override
            public void onComplete() {
                got.add("completed");
            }
        });
        Flow.Subscription subscription = subscribed.poll(BOUND.toNanos(), TimeUnit.NANOSECONDS);
        assertThat(subscription).isNotNull();
        set("b");
        set("c");
        assertThat(got).isEmpty();
        subscription.request(1);
        assertThat(got.poll(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isEqualTo("c");
        subscription.request(1);
        set("d");
        assertThat(got.poll(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isEqualTo("d");
        subscription.cancel();
    }
}
