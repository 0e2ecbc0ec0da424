package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    void aLoopIsEndedByItEvenIfFailuresAreHandled() throws Exception {
        try (Select select = new Select().on(value, heard::add, heard::add)) {
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThat(select.runOnce(Duration.ZERO)).isTrue();
            assertThatThrownBy(select::run).isInstanceOf(WatcherClosedException.class);
            assertThat(heard).containsExactly(2L, 1L);
        }
    }
}
