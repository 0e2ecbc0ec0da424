package dev.eventvalues.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Flaws of the original: events that nobody asked for piled up, and so did the tombstones of removed keys. What a
 * consumer does must not matter: memory is for the keys and for what has changed since it looked.
 */
class SlowConsumersIT extends ThreeMembers {
    private static final int KEYS = 8;
    private static final int EVENTS = 1_000_000;
    private static final long ONE_MEBIBYTE = 1 << 20;

    /** Of one member, which takes more writes in a second than three. */
    private final EtcdCluster single = closedAfterwards(EtcdCluster.start(1));

    private final Member member = single.member(0);
    private final EtcdKeys keys = own(client(settings().endpoints(member.directEndpoint())));
    private final EtcdRange<String> range = keys.prefix("", Codec.utf8());
    private final List<String> names =
            IntStream.range(0, KEYS).mapToObj(i -> key("k" + i)).toList();

    @Test
    void aMillionEventsThatNobodyLooksAtLeaveTheHeapAsItWas() throws Exception {
        flood(EVENTS / 50); // the first look at a key, the first garbage of every kind
        EtcdValue<String> one = keys.value("k0", Codec.utf8());
        List<Watcher<?>> idle = new ArrayList<>();
        List<Runnable> neverRun = new ArrayList<>();
        idle.add(range.watch());
        idle.add(range.changes().watch());
        idle.add(one.watch());
        idle.add(one.entries().watch());
        idle.add(one.present().map(Long::valueOf).distinct().watch());
        for (Watcher<?> watcher : idle) {
            next(watcher); // so it has a position, which falls behind
        }
        idle.add(range.changes().watch());
        range.onChange(snapshot -> {}, neverRun::add);
        range.changes().publisher(Runnable::run).subscribe(new Unwilling());
        flood(EVENTS / 50);

        long before = usedHeap();
        long last = flood(EVENTS);
        assertThat(usedHeap() - before).as("bytes more").isLessThan(ONE_MEBIBYTE);

        assertThat(neverRun).hasSize(1);
        assertThat(next(range.watch()).revision()).isGreaterThanOrEqualTo(last);
        for (Watcher<?> watcher : idle) {
            next(watcher);
            watcher.close();
        }
    }

    @Test
    void keysThatCameAndWentLeaveNoTombstone() throws Exception {
        single.put(key("stays"), "1");
        Watcher<Changes<String>> idle = range.changes().watch();
        next(idle);
        comeAndGo(200);
        long before = usedHeap();
        comeAndGo(2_000);
        assertThat(usedHeap() - before).as("bytes more").isLessThan(ONE_MEBIBYTE);
        assertThat(idle.poll()).isEmpty();
    }

    private void comeAndGo(int times) {
        for (int i = 0; i < times / 100; i++) {
            int from = i * 100;
            single.transaction(all -> IntStream.range(from, from + 100).forEach(j -> all.put(key("t" + j), "x")));
        }
        awaitTakenIn(range, single.deletePrefix(key("t")));
    }

    private long flood(int events) throws InterruptedException {
        long last = Flood.of(member, names, events / KEYS);
        awaitTakenIn(range, last);
        return last;
    }

    /** The least of several looks, as a collection may come too early for what has just been dropped. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Subscribes and asks for nothing. */
    private static final class Unwilling implements Flow.Subscriber<Object> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(Object state) {
            throw new AssertionError("nothing was asked for");
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void aConsumerThatWakesUpLateGetsTheNewestState() throws Exception {
        try (Watcher<Optional<String>> watcher = range.at("k0").watch()) {
            assertThat(next(watcher)).isEmpty();
            flood(KEYS * 1_000);
            assertNext(watcher, single.entry(key("k0")).orElseThrow().valueText());
            assertThat(watcher.poll()).isEmpty();
        }
    }
}
