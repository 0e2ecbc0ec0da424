package dev.eventvalues.etcd.state;

import static dev.eventvalues.etcd.state.Told.continuing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Takes a follower of the keys from a to m from step to step. */
abstract class FollowerSteps {
    static final long CLUSTER = 7;
    static final Trouble CUT = new Trouble(Trouble.Kind.UNREACHABLE, "cut");

    Follower follower;

    @Nullable
    Command command;

    /** The clock may begin anywhere, and overflow. */
    long now = Long.MAX_VALUE - 1_000_000_000L;

    /** The newest proof of the connection. */
    @Nullable
    Proof proof;

    final Pulse pulse = () -> proof;

    private long running;

    @BeforeEach
    void start() {
        start(new Span(Key.of("a"), Key.of("m")), Limits.NONE);
    }

    void start(Span span, Limits limits) {
        running = 0;
        take(Follower.start(span, limits));
    }

    void take(Follower.Step step) {
        follower = step.next();
        command = step.command();
        if (command != null) {
            assertThat(command.ticket()).as("no answer is taken for another's").isGreaterThan(running);
            running = command.ticket();
        }
    }

    long ticket() {
        return running;
    }

    void event(Event event) {
        take(follower.step(event, now));
    }

    @SafeVarargs
    final void page(long revision, boolean more, Map.Entry<Key, Item>... items) {
        List<Map.Entry<Key, Item>> page = new ArrayList<>();
        for (Map.Entry<Key, Item> item : items) {
            page.add(item);
        }
        event(new Event.Page(ticket(), new Origin(CLUSTER, revision), page, more, 1));
    }

    void page(Origin origin, Map.Entry<Key, Item> item) {
        if (command instanceof Command.Read) {
            event(new Event.Page(ticket(), origin, List.of(item), false, 1));
        } else {
            event(new Event.Compacted(ticket()));
            rested();
            page(origin, item);
        }
    }

    /** What is known is read again at its own revision, and the store holds it. */
    void heldAsKnown() {
        event(Told.again(follower.known(), command));
    }

    void opened(long revision) {
        event(new Event.Opened(ticket(), new Origin(CLUSTER, revision), asked(), pulse, 1));
    }

    /** Where the server was asked to begin, not knowing how far it has come. */
    long asked() {
        return command instanceof Command.Follow follow ? follow.revision() : 0;
    }

    void updated(Change... changes) {
        event(new Event.Updated(ticket(), continuing(follower.known(), changes), false));
    }

    void fragment(Change... changes) {
        event(new Event.Updated(ticket(), continuing(follower.known(), changes), true));
    }

    void failed(Trouble trouble) {
        event(new Event.Failed(ticket(), trouble));
    }

    void rested() {
        event(new Event.Rested(ticket()));
    }

    Map<String, String> shown() {
        return Told.known(follower.known());
    }
}
