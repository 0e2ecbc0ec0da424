package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Promise 16: readers come from this library; one that somebody else implements is refused where it cannot work. */
class ForeignReaderTest {
    private static final class Foreign implements ValueReader<String> {
        @Override
        public Watcher<String> watch() {
            throw new AssertionError("never asked");
        }

        @Override
        public Optional<String> current() {
            throw new AssertionError("never asked");
        }
    }

    private final ValueReader<String> foreign = new Foreign();
    private final ValueReader<String> own = new MemoryValue<>("a");

    @Test
    void isRefusedByEverythingThatMustLookInside() {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("combine, first of two", () -> Values.combine(foreign, own, String::concat));
        calls.put("combine, last of two", () -> Values.combine(own, foreign, String::concat));
        calls.put("combine three", () -> Values.combine(own, own, foreign, (a, b, c) -> a));
        calls.put("combine a list", () -> Values.combine(List.of(own, foreign), states -> states));
        calls.put("select", () -> new Select().on(foreign, state -> {}));
        calls.put("select with onFailure", () -> new Select().on(foreign, state -> {}, failure -> {}));
        calls.put("map", () -> foreign.map(state -> state));
        calls.put("filter", () -> foreign.filter(state -> true));
        calls.put("distinct", foreign::distinct);
        calls.put("onChange", () -> foreign.onChange(state -> {}, Runnable::run));
        calls.put("onChange with onFailure", () -> foreign.onChange(state -> {}, failure -> {}, Runnable::run));
        calls.put("publisher", () -> foreign.publisher(Runnable::run));
        calls.forEach((name, call) -> assertThatThrownBy(call)
                .as(name)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Foreign.class.getName())
                .hasMessageContaining("Feed a MemoryValue"));
    }
}
