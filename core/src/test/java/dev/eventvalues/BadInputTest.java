package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.internal.Source;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Null anywhere throws NullPointerException at the call, and changes nothing. */
class BadInputTest {
    private static final Duration NOW = Duration.ZERO;

    private final MemoryValue<String> value = new MemoryValue<>("a");
    private final RendezvousValue<String> rendezvous = new RendezvousValue<>();
    private final Watcher<String> watcher = value.watch();
    private final Select select = new Select();

    @AfterEach
    void close() {
        watcher.close();
        select.close();
    }

    @Test
    void nullIsRefusedByEveryCall() {
        Executor direct = Runnable::run;
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();

        calls.put("MemoryValue(null)", () -> new MemoryValue<>(null));
        calls.put("set", () -> value.set(null));
        calls.put("update", () -> value.update(null));
        calls.put("update to null", () -> value.update(state -> null));
        calls.put("compareAndSet(null, b)", () -> value.compareAndSet(null, "b"));
        calls.put("compareAndSet(a, null)", () -> value.compareAndSet("a", null));

        calls.put("rendezvous set", () -> rendezvous.set(null));
        calls.put("rendezvous set, state", () -> rendezvous.set(null, NOW));
        calls.put("rendezvous set, timeout", () -> rendezvous.set("a", null));

        calls.put("next(timeout)", () -> watcher.next((Duration) null));
        calls.put("next(condition)", () -> watcher.next((Predicate<String>) null));
        calls.put("next(null, timeout)", () -> watcher.next(null, NOW));
        calls.put("next(condition, null)", () -> watcher.next(state -> true, null));
        calls.put("nextAsync", () -> watcher.nextAsync(null));

        calls.put("await(timeout)", () -> value.await((Duration) null));
        calls.put("await(condition)", () -> value.await((Predicate<String>) null));
        calls.put("await(null, timeout)", () -> value.await(null, NOW));
        calls.put("await(condition, null)", () -> value.await(state -> true, null));
        calls.put("onChange(null, executor)", () -> value.onChange(null, direct));
        calls.put("onChange(listener, null)", () -> value.onChange(state -> {}, null));
        calls.put("onChange(null, onFailure, executor)", () -> value.onChange(null, failure -> {}, direct));
        calls.put(
                "onChange(listener, null, executor)",
                () -> value.onChange(state -> {}, (Consumer<RuntimeException>) null, direct));
        calls.put("onChange(listener, onFailure, null)", () -> value.onChange(state -> {}, failure -> {}, null));
        calls.put("map", () -> value.map(null));
        calls.put("filter", () -> value.filter(null));
        calls.put("distinct", () -> value.distinct((BiPredicate<String, String>) null));
        calls.put("publisher", () -> value.publisher(null));
        calls.put("subscribe", () -> value.publisher(direct).subscribe(null));

        calls.put("combine(null, b)", () -> Values.combine(null, value, (a, b) -> b));
        calls.put("combine(a, null)", () -> Values.combine(value, null, (a, b) -> a));
        calls.put("combine(a, b, null)", () -> Values.combine(value, value, null));
        calls.put("combine(null, b, c)", () -> Values.combine(null, value, value, (a, b, c) -> b));
        calls.put("combine(a, null, c)", () -> Values.combine(value, null, value, (a, b, c) -> a));
        calls.put("combine(a, b, null, f)", () -> Values.combine(value, value, null, (a, b, c) -> a));
        calls.put("combine(a, b, c, null)", () -> Values.combine(value, value, value, null));
        calls.put("combine(null list)", () -> Values.combine((List<MemoryValue<String>>) null, states -> states));
        calls.put("combine(list of null)", () -> Values.combine(Arrays.asList(value, null), states -> states));
        calls.put("combine(list, null)", () -> Values.combine(List.of(value), (Function<List<String>, String>) null));

        calls.put("select.on(null, handler)", () -> select.on(null, state -> {}));
        calls.put("select.on(value, null)", () -> select.on(value, null));
        calls.put("select.on(null, handler, onFailure)", () -> select.on(null, state -> {}, failure -> {}));
        calls.put("select.on(value, null, onFailure)", () -> select.on(value, null, failure -> {}));
        calls.put("select.on(value, handler, null)", () -> select.on(value, state -> {}, null));
        calls.put("select.every(null, task)", () -> select.every(null, now -> {}));
        calls.put("select.every(period, null)", () -> select.every(Duration.ofSeconds(1), null));
        calls.put("select.runOnce(null)", () -> select.runOnce(null));

        calls.forEach(
                (name, call) -> assertThatThrownBy(call).as(name).isExactlyInstanceOf(NullPointerException.class));

        assertThat(value.current()).hasValue("a");
        assertThat(watcher.poll()).hasValue("a");
        assertThat(watcher.poll()).isEmpty();
        assertThat(rendezvous.watch().poll()).isEmpty();
    }

    /** Not even a watcher that would then have to be closed. */
    @Test
    void aRefusedCallOpensNothing() {
        ValueReader<String> untouchable = new Untouchable();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("onChange(null, executor)", () -> untouchable.onChange(null, Runnable::run));
        calls.put("onChange(listener, null)", () -> untouchable.onChange(state -> {}, null));
        calls.put("onChange(listener, onFailure, null)", () -> untouchable.onChange(state -> {}, failure -> {}, null));
        calls.put("publisher(null)", () -> untouchable.publisher(null));
        calls.put("subscribe(null)", () -> untouchable.publisher(Runnable::run).subscribe(null));
        calls.put("select.on(value, null)", () -> select.on(untouchable, null));
        calls.put("select.on(value, handler, null)", () -> select.on(untouchable, state -> {}, null));
        calls.put("map(null)", () -> untouchable.map(null));
        calls.put("combine(a, null, f)", () -> Values.combine(untouchable, null, (a, b) -> a));
        calls.forEach(
                (name, call) -> assertThatThrownBy(call).as(name).isExactlyInstanceOf(NullPointerException.class));
    }

    private static final class Untouchable implements Source<String> {
        @Override
        public Watcher<String> watch() {
            throw new AssertionError("opened");
        }

        @Override
        public Optional<String> current() {
            throw new AssertionError("read");
        }
    }
}
