package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.internal.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What becomes of those who follow a value whose backend is closed, directly or through views. */
class EndedBackendTest {
    private final EndingValue value = new EndingValue(2);
    private final List<Object> heard = new ArrayList<>();

    @Test
    void aWatcherIsToldEachTime() throws Exception {
        try (Watcher<String> watcher = Values.combine(value.map(left -> "left " + left), value, (text, left) -> text)
                .filter(text -> true)
                .distinct()
                .watch()) {
            assertThat(watcher.next()).isEqualTo("left 2");
            assertThat(watcher.next()).isEqualTo("left 1");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(watcher::next).isInstanceOf(WatcherClosedException.class);
                assertThatThrownBy(watcher::poll).isInstanceOf(WatcherClosedException.class);
                assertThatThrownBy(() -> watcher.nextAsync(Runnable::run).join())
                        .hasCauseInstanceOf(WatcherClosedException.class);
            }
        }
    }

    @Test
    void aListenerEndsInSilence() {
        try (Logs logs = Logs.capture()) {
            value.onChange(heard::add, heard::add, Runnable::run);
            assertThat(heard).containsExactly(2L, 1L);
            assertThat(logs.messages()).isEmpty();
        }
    }

    @Test
    void aPublisherCompletes() {
        Subscriber<Long> subscriber = new Subscriber<>();
        value.publisher(Runnable::run).subscribe(subscriber);
        subscriber.request(3);
        assertThat(subscriber.states()).containsExactly(2L, 1L);
        assertThat(subscriber.end()).hasValue("complete");
    }

    @Test
    void aPublisherOfACombinationCompletes() {
        Subscriber<Long> subscriber = new Subscriber<>();
        Values.combine(new MemoryValue<>(0L), value, Math::max)
                .publisher(Runnable::run)
                .subscribe(subscriber);
        subscriber.request(3);
        assertThat(subscriber.states()).containsExactly(2L, 1L);
        assertThat(subscriber.end()).hasValue("complete");
    }

    @Test
    void aFutureGetsWhatThereIs() {
        try (Watcher<Long> watcher = value.watch()) {
            assertThat(watcher.nextAsync(Runnable::run)).isCompletedWithValue(2L);
        }
    }

    /** Reactive Streams rule 1.9: whatever is wrong is told to the subscriber, who is told first that it is one. */
    @Test
    void aSubscriberToAClosedBackendIsTold() {
        Source<Long> closed = new Source<>() {
            @Override
            public Watcher<Long> watch() {
                throw new IllegalStateException("the backend is closed");
            }

            @Override
            public Optional<Long> current() {
                return Optional.empty();
            }
        };
        Subscriber<Long> subscriber = new Subscriber<>();
        closed.publisher(Runnable::run).subscribe(subscriber);
        assertThat(subscriber.end())
                .get()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the backend is closed");
    }

    @Test
    void aLoopIsEndedByItEvenIfFailuresAreHandled() throws Exception {
        try (Select select = new Select().on(value, heard::add, heard::add)) {
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThatThrownBy(select::run).isInstanceOf(WatcherClosedException.class);
            assertThat(heard).containsExactly(2L, 1L);
        }
    }
}
