package dev.eventvalues;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promise 10: an exception from user code consumes the state it is about, is told once, and the watcher goes on. Where
 * failures meet combinations see {@link CombineTest}, where they meet loops {@link SelectTest}.
 */
class FailuresTest {
    private final MemoryValue<String> value = new MemoryValue<>();
    private final ValueReader<Integer> parsed = value.map(Integer::parseInt);
    private final List<Object> heard = new CopyOnWriteArrayList<>();

    @Test
    void ofAFilterConsumesThatState() throws Exception {
        try (Watcher<String> watcher =
                value.filter(state -> Integer.parseInt(state) > 0).watch()) {
            value.set("x");
            assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
            assertThat(watcher.poll()).isEmpty();
            value.set("1");
            assertThat(watcher.next()).isEqualTo("1");
        }
    }

    @Test
    void ofAComparatorConsumesThatState() throws Exception {
        try (Watcher<String> watcher = value.distinct((last, now) -> Integer.parseInt(last) == Integer.parseInt(now))
                .watch()) {
            value.set("1");
            assertThat(watcher.next()).isEqualTo("1");
            value.set("x");
            assertThatThrownBy(watcher::next).isInstanceOf(NumberFormatException.class);
            assertThat(watcher.poll()).isEmpty();
            value.set("01");
            assertThat(watcher.poll()).isEmpty();
            value.set("2");
            assertThat(watcher.next()).isEqualTo("2");
        }
    }

    @Test
    void isThrownFromAnyCall() throws Exception {
        WatcherContract.everyCall().forEach((name, call) -> {
            if (!name.equals("nextAsync")) {
                try (Watcher<String> watcher =
                        parsed.map(number -> "number " + number).watch()) {
                    value.set("x");
                    assertThatThrownBy(() -> call.on(watcher)).as(name).isInstanceOf(NumberFormatException.class);
                    assertThat(watcher.poll()).as(name).isEmpty();
                }
            }
        });
    }

    @Test
    void isWhatAFutureFailsWith() throws Exception {
        try (Watcher<Integer> watcher = parsed.watch()) {
            CompletableFuture<Integer> future = watcher.nextAsync(Runnable::run);
            value.set("x");
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NumberFormatException.class);
            assertThat(watcher.poll()).isEmpty();
            value.set("1");
            assertThat(watcher.next()).isEqualTo(1);
        }
    }

    @Test
    void thatIsAnErrorIsThrownAsItIs() {
        try (Watcher<String> watcher = value.watch()) {
            value.set("a");
            assertThatThrownBy(() -> watcher.next(state -> {
                        throw new StackOverflowError("deep");
                    }))
                    .isInstanceOf(StackOverflowError.class);
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void isNotThrownForAStateThatWasReplaced() throws Exception {
        try (Watcher<Integer> watcher = parsed.watch()) {
            value.set("x");
            value.set("1");
            assertThat(watcher.next()).isEqualTo(1);
        }
    }

    @Test
    void isNotToldWhenTheCallGaveUpBefore() throws Exception {
        try (Watcher<Integer> watcher = parsed.watch()) {
            assertThatThrownBy(() -> watcher.next(Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
            value.set("x");
            assertThatThrownBy(watcher::poll).isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void isThrownByCurrentEachTime() {
        value.set("x");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(parsed::current).isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void isEachWatchersOwn() throws Exception {
        try (Watcher<Integer> one = parsed.watch();
                Watcher<Integer> other = parsed.watch()) {
            value.set("x");
            assertThatThrownBy(one::next).isInstanceOf(NumberFormatException.class);
            assertThatThrownBy(other::next).isInstanceOf(NumberFormatException.class);
        }
    }

    @Nested
    class WithAListener {
        @Test
        void goesToOnFailureAndTheListenerGoesOn() {
            try (Logs logs = Logs.capture()) {
                Registration registration = parsed.onChange(heard::add, heard::add, Runnable::run);
                value.set("x");
                value.set("1");
                assertThat(heard).hasSize(2).last().isEqualTo(1);
                assertThat(heard.get(0)).isInstanceOf(NumberFormatException.class);
                assertThat(logs.messages()).isEmpty();
                registration.close();
                value.set("2");
                assertThat(heard).hasSize(2);
            }
        }

        @Test
        void isLoggedIfThereIsNoOnFailure() {
            try (Logs logs = Logs.capture()) {
                parsed.onChange(heard::add, Runnable::run);
                value.set("x");
                value.set("1");
                assertThat(heard).containsExactly(1);
                assertThat(logs.failures())
                        .as("without its message, which quotes the state")
                        .singleElement()
                        .hasToString("java.lang.NumberFormatException");
            }
        }

        @Test
        void thatIsAnErrorIsLogged() {
            ValueReader<String> broken = value.map(state -> {
                throw new StackOverflowError("deep");
            });
            try (Logs logs = Logs.capture()) {
                broken.onChange(heard::add, heard::add, Runnable::run);
                value.set("x");
                assertThat(heard).isEmpty();
                assertThat(logs.failures()).singleElement().hasToString("java.lang.StackOverflowError");
            }
        }

        /** What may be logged is where it came from, and why; its messages may quote the state. */
        @Test
        void isLoggedWithItsStackAndItsCauses() {
            IllegalArgumentException cause = new IllegalArgumentException("a secret");
            IllegalStateException failure = new IllegalStateException("a secret", cause);
            cause.initCause(failure); // causes may go round in a circle
            ValueReader<String> broken = value.map(state -> {
                throw failure;
            });
            try (Logs logs = Logs.capture()) {
                broken.onChange(heard::add, Runnable::run);
                value.set("x");
                Throwable logged = logs.failures().get(0);
                assertThat(logged.getStackTrace()).isEqualTo(failure.getStackTrace());
                assertThat(logged.getCause()).hasToString("java.lang.IllegalArgumentException");
                assertThat(Stream.iterate(logged, Objects::nonNull, Throwable::getCause))
                        .hasSize(21)
                        .noneMatch(one -> one.toString().contains("secret"));
            }
        }

        @Test
        void ofOnFailureItselfIsLoggedAndTheListenerGoesOn() {
            try (Logs logs = Logs.capture()) {
                parsed.onChange(
                        heard::add,
                        failure -> {
                            throw new IllegalStateException("broken handler");
                        },
                        Runnable::run);
                value.set("x");
                value.set("1");
                assertThat(heard).containsExactly(1);
                assertThat(logs.failures()).singleElement().hasToString("java.lang.IllegalStateException");
            }
        }
    }

    @Nested
    class WithAPublisher {
        @Test
        void isLoggedAndSkipped() {
            try (Logs logs = Logs.capture()) {
                Subscriber<Integer> subscriber = new Subscriber<>();
                parsed.publisher(Runnable::run).subscribe(subscriber);
                subscriber.request(Long.MAX_VALUE);
                value.set("x");
                value.set("1");
                eventually(
                        "the good state is published",
                        () -> !subscriber.states().isEmpty());
                assertThat(subscriber.states()).containsExactly(1);
                assertThat(subscriber.end()).isEmpty();
                assertThat(logs.failures())
                        .as("without its message, which quotes the state")
                        .singleElement()
                        .hasToString("java.lang.NumberFormatException");
                subscriber.cancel();
            }
        }
    }
}
