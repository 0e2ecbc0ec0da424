package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.ValueReader;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.Member;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What consumers cost the server: its own metrics count watches and streams. */
class ServerWatchesIT extends ThreeMembers {
    private static final int OPERATIONS_OF_A_TRANSACTION = 100;

    private final Member member = cluster.member(0);
    private final EtcdValues values = clientOf(member);
    private final EtcdKeys keys = own(values);

    @BeforeEach
    void noWatchIsLeftOfAnEarlierTest() {
        awaitWatches(0);
    }

    private double watches() {
        return member.metric("etcd_debugging_mvcc_watcher_total");
    }

    private double streams() {
        return member.metric("etcd_debugging_mvcc_watch_stream_total");
    }

    private void awaitWatches(int count) {
        eventually("the server has " + count + " watches, not " + watches(), () -> watches() == count);
    }

    @Test
    void allWatchersOfAKeyShareOneWatch() throws Exception {
        put("a", "one");
        EtcdValue<String> value = keys.value("a", Codec.utf8());
        List<Watcher<?>> watchers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            watchers.add(value.watch());
            watchers.add(value.present().watch());
            watchers.add(value.entries().watch());
            watchers.add(own(values).value("a", Codec.bytes()).watch());
        }
        for (Watcher<?> watcher : watchers) {
            next(watcher);
        }
        awaitWatches(1);
        put("a", "two");
        for (Watcher<?> watcher : watchers) {
            next(watcher);
        }
        assertThat(watches()).isEqualTo(1);
        assertThat(streams()).isEqualTo(1);
        watchers.forEach(Watcher::close);
    }

    @Test
    void equalRangesShareOneWatchHoweverTheyWereAskedFor() throws Exception {
        put("x/a", "one");
        List<EtcdRange<String>> ranges = List.of(
                keys.prefix("x/", Codec.utf8()),
                keys.range("x/", "x0", Codec.utf8()),
                keys.namespace("x/").prefix("", Codec.utf8()),
                values.prefix(key("x/"), Codec.utf8()));
        List<Watcher<Snapshot<String>>> watchers =
                ranges.stream().map(ValueReader::watch).toList();
        try (Watcher<Optional<String>> one = ranges.get(0).at("x/a").watch();
                Watcher<Changes<String>> changes = ranges.get(0).changes().watch()) {
            assertNext(one, "one");
            next(changes);
            for (Watcher<Snapshot<String>> watcher : watchers) {
                assertThat(next(watcher).values().values()).containsExactly("one");
            }
            awaitWatches(1);
            put("x/a", "two");
            assertNext(one, "two");
            for (Watcher<Snapshot<String>> watcher : watchers) {
                assertThat(next(watcher).values().values()).containsExactly("two");
            }
            assertThat(watches()).isEqualTo(1);
        }
        watchers.forEach(Watcher::close);
    }

    @Test
    void aWatchEndsSomeTimeAfterItsLastUse() throws Exception {
        EtcdKeys brief = own(client(settings().endpoints(member.endpoint()).linger(Duration.ofMillis(100))));
        EtcdValue<String> value = brief.value("a", Codec.utf8());
        Watcher<Optional<String>> one = value.watch();
        Watcher<Optional<String>> other = value.watch();
        next(one);
        next(other);
        awaitWatches(1);
        one.close();
        one.close();
        assertSilent(other); // longer than a watch lingers
        assertThat(watches()).isEqualTo(1);
        other.close();
        awaitWatches(0);
        assertThat(value.await(BOUND)).as("a new beginning").isEmpty();
        awaitWatches(0);
    }

    @Test
    void aValueThatIsUsedAgainSoonIsStillWarm() throws Exception {
        EtcdValue<String> value = keys.value("a", Codec.utf8());
        put("a", "one");
        assertThat(value.await(BOUND)).contains("one");
        awaitWatches(1);
        for (int i = 0; i < 100; i++) {
            assertThat(value.current()).contains(Optional.of("one"));
            value.watch().close();
        }
        assertThat(watches()).isEqualTo(1);
    }

    @Test
    void looksAloneKeepAValueWarm() throws Exception {
        put("a", "one");
        Duration linger = Duration.ofMillis(500);
        EtcdKeys brief = own(client(settings().endpoints(member.endpoint()).linger(linger)));
        EtcdValue<String> value = brief.value("a", Codec.utf8());
        eventually("the first look started it", () -> value.current().isPresent());
        long start = System.nanoTime();
        eventually("it was looked at for more than twice as long as it lingers", () -> {
            assertThat(value.current()).contains(Optional.of("one"));
            return System.nanoTime() - start > linger.toNanos() * 5 / 2;
        });
        awaitWatches(0);
    }

    @Test
    void aWatcherThatWasDroppedLetsGo() throws Exception {
        EtcdKeys brief = own(client(settings().endpoints(member.endpoint()).linger(Duration.ZERO)));
        dropAWatcherOf(brief.value("a", Codec.utf8()));
        dropAWatcherOf(brief.prefix("", Codec.utf8()).changes());
        dropAWatcherOf(brief.value("b", Codec.utf8()).present().map(String::length));
        eventually("the dropped watchers have let go", () -> {
            System.gc();
            return watches() == 0;
        });
    }

    private void dropAWatcherOf(ValueReader<?> reader) throws Exception {
        Watcher<?> dropped = reader.watch();
        try {
            put("b", "there");
            next(dropped);
            awaitAWatch();
        } finally {
            Reference.reachabilityFence(dropped);
        }
    }

    private void awaitAWatch() {
        eventually("there is a watch", () -> watches() > 0);
    }

    @Test
    void aThousandKeysAreFollowedOverOneStreamAndAllSeeTheirChange() throws Exception {
        int count = 1_000;
        List<Watcher<Optional<String>>> watchers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            watchers.add(keys.value("k" + i, Codec.utf8()).watch());
        }
        for (Watcher<Optional<String>> watcher : watchers) {
            assertThat(next(watcher)).isEmpty();
        }
        awaitWatches(count);
        assertThat(streams()).isEqualTo(1);
        putAll(count, "one ");
        for (int i = 0; i < count; i++) {
            assertNext(watchers.get(i), "one " + i);
        }
        member.cutClients();
        putAll(count, "two ");
        for (int i = 0; i < count; i++) {
            assertNext(watchers.get(i), "two " + i);
        }
        awaitWatches(count);
        assertThat(streams()).isEqualTo(1);
        for (Watcher<Optional<String>> watcher : watchers) {
            assertThat(watcher.poll()).isEmpty();
            watcher.close();
        }
    }

    private void putAll(int count, String value) {
        for (int start = 0; start < count; start += OPERATIONS_OF_A_TRANSACTION) {
            int from = start;
            cluster.transaction(all -> IntStream.range(from, from + OPERATIONS_OF_A_TRANSACTION)
                    .forEach(i -> all.put(key("k" + i), value + i)));
        }
    }
}
