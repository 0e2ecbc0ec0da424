package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers have lost events. An audit finds what is missing; here the stage loses them. */
class AuditIT extends ThreeMembers {
    private final Stage stage = new Stage();

    private EtcdValues audited() {
        return client(settings().auditEvery(Duration.ofMillis(100)).seam(stage));
    }

    @Test
    void whatTheServerDidNotTellIsFoundAndToldAsAnyOtherChange() throws Exception {
        put("changed", "one");
        put("removed", "one");
        EtcdValues values = audited();
        EtcdRange<String> range = own(values).prefix("", Codec.utf8());
        try (Watcher<Changes<String>> watcher = range.changes().watch()) {
            next(watcher);
            stage.lose(Event.Updated.class::isInstance);
            put("changed", "two");
            delete("removed");
            put("created", "one");
            assertThat(next(watcher).changes())
                    .containsExactlyInAnyOrder(
                            new Change.Updated<>(Key.of("changed"), "one", "two"),
                            new Change.Removed<>(Key.of("removed"), "one"),
                            new Change.Added<>(Key.of("created"), "one"));
        }
        assertThat(values.lostByServer()).isBetween(2L, 3L); // what was created may be counted by the next audit only
    }

    @Test
    void aKeyThatWasCreatedWithoutBeingToldIsFoundByTheNextAudit() throws Exception {
        EtcdValues values = audited();
        EtcdRange<String> range = own(values).prefix("", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            stage.lose(Event.Updated.class::isInstance);
            put("created", "one");
            assertThat(text(next(watcher))).isEqualTo(Map.of("created", "one"));
        }
    }

    @Test
    void nothingIsFoundWhereNothingIsLost() throws Exception {
        EtcdValues values = audited();
        EtcdRange<String> range = own(values).prefix("", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            int reads = stage.commands(Command.Read.class).size();
            int[] round = {0};
            eventually("several audits have been made", () -> {
                put("a", "" + round[0]++);
                return stage.commands(Command.Read.class).size() > reads + 3;
            });
            assertThat(stage.commands(Command.Follow.class)).hasSizeLessThan(3);
        }
        assertThat(values.lostByServer()).isZero();
    }
}
