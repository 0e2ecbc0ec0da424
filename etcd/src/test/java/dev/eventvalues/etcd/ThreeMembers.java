package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the tests on a real etcd share: one cluster of three members for all, keys of its own for each test, clients that
 * are closed after it, and ways to wait.
 *
 * <p>Writes and the judgement of results go through etcd's own gateway, never through what is tested.
 */
abstract class ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension ETCD = EtcdClusterExtension.shared(3);

    /** Long enough for what should not come to come. */
    static final Duration A_MOMENT = Duration.ofMillis(150);

    /** In which a permanent refusal is told. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final AtomicInteger TESTS = new AtomicInteger();

    final EtcdCluster cluster = ETCD.cluster();

    /** No other test uses keys that begin so. */
    final String prefix = "test " + TESTS.incrementAndGet() + "/";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeClients() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    <C extends AutoCloseable> C closedAfterwards(C closeable) {
        open.add(closeable);
        return closeable;
    }

    // ---- clients

    /** A client of all members with the default settings. */
    EtcdValues client() {
        return client(settings());
    }

    /** A client of these members only, in this order. */
    EtcdValues clientOf(Member... members) {
        return client(settings().endpoints(endpoints(members)));
    }

    EtcdValues client(EtcdValues.Builder settings) {
        return closedAfterwards(settings.build());
    }

    /** All members, rests of a few milliseconds. */
    EtcdValues.Builder settings() {
        return EtcdValues.builder()
                .endpoints(cluster.endpoints().toArray(String[]::new))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100));
    }

    static String[] endpoints(Member... members) {
        return Arrays.stream(members).map(Member::endpoint).toArray(String[]::new);
    }

    /** Cuts all clients off, and refuses them. */
    void loseClients() {
        cluster.refuseClients();
        cluster.cutClients();
    }

    // ---- keys

    /** A key of this test. */
    String key(String name) {
        return prefix + name;
    }

    long put(String name, String value) {
        return cluster.put(key(name), value);
    }

    long delete(String name) {
        return cluster.delete(key(name));
    }

    /** What etcd holds for this test: names without the prefix. */
    SortedMap<String, String> held() {
        SortedMap<String, String> held = new TreeMap<>();
        cluster.getPrefix(prefix).forEach((key, value) -> held.put(key.substring(prefix.length()), value));
        return held;
    }

    /** The keys of this test, named without their prefix. */
    EtcdKeys own(EtcdValues values) {
        return values.namespace(prefix);
    }

    /** A snapshot as text. */
    static <T> SortedMap<String, T> text(Snapshot<T> snapshot) {
        SortedMap<String, T> text = new TreeMap<>();
        snapshot.values().forEach((key, value) -> text.put(key.toString(), value));
        return text;
    }

    // ---- waiting

    /** Waits until a range that has been read once has taken a revision in, which changed a key of it. */
    static void awaitTakenIn(EtcdRange<?> range, long revision) {
        eventually(
                "the range has taken in revision " + revision,
                () -> range.current().map(Snapshot::revision).orElse(0L) >= revision);
    }

    /** Waits until the feed of a key that has been read once has taken a revision in, which changed the key. */
    static void awaitTakenIn(EtcdKeys keys, String key, long revision) {
        awaitTakenIn(keys.range(key, key + "\0", Codec.bytes()), revision); // the same keys, so the same feed
    }

    static <T> T next(Watcher<T> watcher) throws InterruptedException, TimeoutException {
        return watcher.next(BOUND);
    }

    /** Checks that a refusal comes in time. The best of three tries counts, as the machine may have other work to do. */
    static void assertPrompt(Runnable refused) {
        Duration best = null;
        for (int tries = 0; tries < 3 && (best == null || best.compareTo(PROMPT) >= 0); tries++) {
            long start = System.nanoTime();
            refused.run();
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            best = best == null || taken.compareTo(best) < 0 ? taken : best;
        }
        assertThat(best).as("the best of three tries").isLessThan(PROMPT);
    }

    /** Checks that nothing comes for a moment. For what is certain to have been processed, {@code poll} is enough. */
    static void assertSilent(Watcher<?> watcher) {
        assertThatThrownBy(() -> watcher.next(A_MOMENT)).isInstanceOf(TimeoutException.class);
    }

    static <T> void assertNext(Watcher<Optional<T>> watcher, T value) throws InterruptedException, TimeoutException {
        assertThat(next(watcher)).contains(value);
    }

    static <T> Call<T> blockedNext(Watcher<T> watcher) {
        return Call.of(watcher::next).blocked();
    }
}
