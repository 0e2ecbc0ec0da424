package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.internal.Cursor;
import dev.eventvalues.internal.Source;
import dev.eventvalues.internal.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * Promise 7, for a backend that holds something for each watcher, such as a watch at a server: whatever follows its
 * value, through whatever view, lets go of that when it is closed.
 */
class LettingGoTest {
    private final List<Cursor<String>> open = new ArrayList<>();
    private final Source<String> held = new Source<>() {
        @Override
        public Watcher<String> watch() {
            Cursor<String> cursor = new HeldCursor();
            open.add(cursor);
            return cursor;
        }

        @Override
        public Optional<String> current() {
            return Optional.empty();
        }
    };
    private final Executor busy = task -> {};

    private final class HeldCursor extends Cursor<String> {
        @Override
        protected Object examine() {
            return Unseen.NOTHING;
        }

        @Override
        protected void commit() {}

        @Override
        protected void rollback() {}

        @Override
        public void arm(Waiter waiter) {}

        @Override
        protected void release() {
            open.remove(this);
        }

        @Override
        protected String missing() {
            return "nothing ever comes";
        }
    }

    private void isHeldBy(AutoCloseable follower) throws Exception {
        assertThat(open).as("while it is open").hasSize(1);
        follower.close();
        assertThat(open).as("once it is closed").isEmpty();
    }

    @Test
    void views() throws Exception {
        isHeldBy(held.map(state -> state).watch());
        isHeldBy(held.filter(state -> true).watch());
        isHeldBy(held.distinct().watch());
    }

    @Test
    void combinations() throws Exception {
        isHeldBy(Values.combine(new MemoryValue<>("a"), held, String::concat).watch());
        isHeldBy(Values.combine(List.of(held), List::size).watch());
    }

    @Test
    void listeners() throws Exception {
        isHeldBy(held.onChange(state -> {}, busy));
        isHeldBy(held.onChange(state -> {}, failure -> {}, Runnable::run));
    }

    @Test
    void subscriptions() throws Exception {
        Subscriber<String> subscriber = new Subscriber<>();
        held.publisher(busy).subscribe(subscriber);
        isHeldBy(subscriber::cancel);
    }

    @Test
    void loops() throws Exception {
        isHeldBy(new Select().on(held, state -> {}));
    }

    @Test
    void aLoopThatIsClosedAlready() {
        Select closed = new Select();
        closed.close();
        assertThatThrownBy(() -> closed.on(held, state -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(open).isEmpty();
    }
}
