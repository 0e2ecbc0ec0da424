package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Watcher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A range that has grown out of all proportion is refused with an exception, not with an exhausted heap. */
class LimitsIT extends ThreeMembers {
    @Test
    void aRangeOfMoreKeysThanAllowedIsRefusedAndTheLimitIsNamed() {
        put("a", "1");
        put("b", "1");
        put("c", "1");
        EtcdRange<String> range = own(client(settings().maxKeys(2).pageSize(1))).prefix("", Codec.utf8());
        assertThatThrownBy(() -> range.await(BOUND))
                .isInstanceOf(RangeTooLargeException.class)
                .hasMessageContaining("more than 2 keys")
                .hasMessageContaining("maxKeys");
    }

    @Test
    void aRangeOfMoreBytesThanAllowedIsRefusedAndTheLimitIsNamed() {
        put("a", "x".repeat(1_000));
        EtcdRange<String> range = own(client(settings().maxBytes(1_000))).prefix("", Codec.utf8());
        assertThatThrownBy(() -> range.await(BOUND))
                .isInstanceOf(RangeTooLargeException.class)
                .hasMessageContaining("more than 1000 bytes")
                .hasMessageContaining("maxBytes");
    }

    @Test
    void aRangeThatOutgrowsTheLimitKeepsItsLastStateAndGoesOnOnceItHasShrunk() throws Exception {
        put("a", "1");
        put("b", "1");
        EtcdValues values = client(settings().maxKeys(2).backoff(Duration.ofMillis(5), Duration.ofMillis(20)));
        EtcdRange<String> range = own(values).prefix("", Codec.utf8());
        try (Watcher<Snapshot<String>> watcher = range.watch()) {
            next(watcher);
            put("c", "1");
            assertThatThrownBy(() -> watcher.next(BOUND)).isInstanceOf(RangeTooLargeException.class);
            assertThat(text(range.current().orElseThrow())).isEqualTo(Map.of("a", "1", "b", "1"));
            delete("a");
            assertThat(text(next(watcher))).isEqualTo(Map.of("b", "1", "c", "1"));
            put("b", "2");
            assertThat(text(next(watcher))).isEqualTo(Map.of("b", "2", "c", "1"));
        }
    }
}
