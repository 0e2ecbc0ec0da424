package dev.eventvalues.etcd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class FeedTableTest {
    private final FeedTable table = new FeedTable();

    @Test
    void findsAFeedByAnySpanThatEqualsItsOwn() {
        LiveFeed key = add(Span.of(Key.of("a")));
        LiveFeed range = add(Span.prefix(Key.of("a")));
        assertThat(table.get(Span.of(Key.of("a")))).isSameAs(key);
        assertThat(table.get(Span.prefix(Key.of("a")))).isSameAs(range);
        assertThat(table.get(Span.of(Key.of("b")))).isNull();
        assertThat(table.all()).containsExactlyInAnyOrder(key, range);
    }

    @Test
    void leavesAFeedInThatHasTakenThePlaceOfTheOneThatIsToGo() {
        LiveFeed earlier = add(Span.of(Key.of("a")));
        table.remove(earlier);
        LiveFeed later = add(Span.of(Key.of("a")));
        table.remove(earlier);
        assertThat(table.get(Span.of(Key.of("a")))).isSameAs(later);
    }

    @Test
    void knowsThoseThatWereAddedAndNotRemovedWhateverTheOrder() {
        Random random = new Random(1);
        Map<Span, LiveFeed> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Span span = Span.of(Key.of("values/" + random.nextInt(300)));
            LiveFeed feed = table.get(span);
            assertThat(feed).isSameAs(expected.get(span));
            if (feed == null) {
                expected.put(span, add(span));
            } else {
                table.remove(feed);
                expected.remove(span);
            }
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(expected.values());
    }

    /** Else feeds of such keys would be at the same few places, or in the same few tables. */
    @Test
    void keysThatAreNumberedGetHashesThatDifferInTheirUpperAndInTheirLowerBits() {
        int[] upper = new int[64];
        int[] lower = new int[64];
        for (int i = 0; i < 64_000; i++) {
            int hash = FeedTable.hash(Span.of(Key.of("values/" + i)));
            upper[hash >>> 26]++;
            lower[hash & 63]++;
        }
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            counts.add(upper[i]);
            counts.add(lower[i]);
        }
        assertThat(counts).allSatisfy(count -> assertThat(count).isBetween(500, 2_000));
    }

    private LiveFeed add(Span span) {
        LiveFeed feed = new LiveFeed(span, TOOLS);
        table.add(feed);
        return feed;
    }

    /** Of a feed only its span counts here. */
    private static final LiveFeed.Tools TOOLS = new LiveFeed.Tools(
            (span, command, events) -> () -> {},
            null,
            new Limits(1, 1, 1),
            new Auditor.Schedule(0, new LongAdder()),
            feed -> {},
            feed -> {});
}
