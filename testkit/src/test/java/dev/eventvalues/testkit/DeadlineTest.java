package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void aConditionIsAskedUntilItHolds() {
        AtomicInteger asked = new AtomicInteger();

        Deadline.in(Duration.ofSeconds(30)).await(() -> "the third time", () -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }

    @Test
    void aConditionIsAskedOnceEvenIfThereIsNoTime() {
        assertThat(Deadline.in(Duration.ZERO).<String>awaitPresent(() -> "it", () -> Optional.of("it")))
                .isEqualTo("it");
    }

    @Test
    void whenTheTimeIsUpItSaysWhatWasWaitedForAndHowLong() {
        assertThatThrownBy(() -> Deadline.in(Duration.ofMillis(7)).await(() -> "the moon", () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the moon")
                .hasMessageContaining("7 ms");
    }

    @Test
    void anInterruptEndsTheWaitAndStaysUp() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Deadline.in(Duration.ofSeconds(30)).await(() -> "the moon", () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("interrupted while waiting for the moon");
        assertThat(Thread.interrupted()).isTrue();
    }
}
