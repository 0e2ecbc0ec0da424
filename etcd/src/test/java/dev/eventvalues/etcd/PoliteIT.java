package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.Transport;
import dev.eventvalues.testkit.Member;
import dev.eventvalues.testkit.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What very many feeds ask of a cluster that cannot answer, and of one that can again; counted where it arrives. */
class PoliteIT extends ThreeMembers {
    private static final int FEEDS = 10_000;
    private static final int FAILURES_A_SECOND = 100;
    private static final int KEYS_OF_A_TRANSACTION = 128;
    private static final Duration OUTAGE = Duration.ofSeconds(4);

    private final Seam seam = new Seam();
    private final List<EtcdValue<String>> values = new ArrayList<>();
    private final List<Watcher<Optional<String>>> watchers = new ArrayList<>();

    /** Counts commands; and can break watches as soon as they are accepted. */
    private static final class Seam implements UnaryOperator<Transport>, Transport {
        final AtomicLong commands = new AtomicLong();
        final AtomicLong watches = new AtomicLong();

        /** What becomes of a watch that was accepted; null for nothing. */
        volatile @Nullable Consumer<Breaking> breaking;

        private volatile Transport etcd;

        /** A watch that was accepted. */
        record Breaking(long ticket, Consumer<Event> events) {}

        @Override
        public Transport apply(Transport real) {
            etcd = real;
            return this;
        }

        @Override
        public Running start(Span span, Command command, Consumer<Event> events) {
            commands.incrementAndGet();
            if (!(command instanceof Command.Follow)) {
                return etcd.start(span, command, events);
            }
            watches.incrementAndGet();
            AtomicBoolean broken = new AtomicBoolean();
            return etcd.start(span, command, event -> {
                if (broken.get()) {
                    return;
                }
                events.accept(event);
                Consumer<Breaking> how = breaking;
                if (event instanceof Event.Opened && how != null && broken.compareAndSet(false, true)) {
                    how.accept(new Breaking(event.ticket(), events));
                }
            });
        }
    }

    /** The default settings: what is promised holds for them. */
    private void follow(int count) throws Exception {
        EtcdKeys keys = own(client(EtcdValues.builder()
                .endpoints(cluster.endpoints().toArray(String[]::new))
                .staleAfter(Duration.ofSeconds(2))
                .seam(seam)));
        for (int i = 0; i < count; i++) {
            EtcdValue<String> value = keys.value("k" + i, Codec.utf8());
            values.add(value);
            watchers.add(value.watch());
        }
        for (Watcher<Optional<String>> watcher : watchers) {
            assertThat(next(watcher)).isEmpty();
        }
    }

    private boolean areAll(Class<? extends Freshness> kind) {
        return values.stream()
                .allMatch(value -> kind.isInstance(value.freshness().current().orElseThrow()));
    }

    private void awaitAllFresh() {
        eventually("all are fresh", () -> areAll(Freshness.Fresh.class));
    }

    private static double pass(Duration time) {
        long start = System.nanoTime();
        eventually("time passes", () -> System.nanoTime() - start > time.toNanos());
        return (System.nanoTime() - start) / 1e9;
    }

    /** From the loss of all watches until they are back, apart from the outage itself. */
    private void assertReadInFewRequests(Requests since) {
        assertThat(since.started("Txn")).isLessThanOrEqualTo(FEEDS / KEYS_OF_A_TRANSACTION + 20);
        assertThat(since.failed("Txn")).isZero();
    }

    @Nested
    class InAnOutage {
        @Test
        void ofAllMembersKilledConnectionsAreFewAndSoAreTheReadsAfterwards() throws Exception {
            follow(FEEDS);
            awaitAllFresh();
            cluster.members().forEach(Member::kill);
            eventually("all are stale", () -> areAll(Freshness.Stale.class));
            long connections = cluster.acceptedConnections();
            long commands = seam.commands.get();
            double seconds = pass(OUTAGE);
            long connected = cluster.acceptedConnections() - connections;
            assertThat(connected).isPositive().isLessThan((long) (FAILURES_A_SECOND * seconds));
            assertThat(seam.commands.get() - commands)
                    .as("what waits is not asked for again")
                    .isLessThan(FEEDS / 10);
            cluster.repair();
            awaitAllFresh();
            assertReadInFewRequests(cluster.requests());
            assertAllSee();
        }

        @Test
        void withoutAQuorumFailedRequestsAreFew() throws Exception {
            follow(FEEDS);
            awaitAllFresh();
            cluster.members().forEach(cluster::isolate);
            eventually("all are stale", () -> areAll(Freshness.Stale.class));
            Requests before = cluster.requests();
            long commands = seam.commands.get();
            double seconds = pass(OUTAGE);
            Requests during = cluster.requests().since(before);
            assertThat(during.failed()).isLessThan((long) (FAILURES_A_SECOND * seconds));
            assertThat(during.started("Range") + during.started("Txn") + during.started("Watch"))
                    .isLessThan((long) (FAILURES_A_SECOND * seconds));
            assertThat(seam.commands.get() - commands).isLessThan(FEEDS / 10);
            Requests last = cluster.requests();
            cluster.heal();
            awaitAllFresh();
            assertReadInFewRequests(cluster.requests().since(last));
            assertAllSee();
        }

        @Test
        void behindABlackHoleConnectionsAreFew() throws Exception {
            follow(FEEDS);
            awaitAllFresh();
            cluster.blackHoleClients();
            eventually("all are stale", () -> areAll(Freshness.Stale.class));
            long connections = cluster.acceptedConnections();
            long commands = seam.commands.get();
            double seconds = pass(OUTAGE);
            long connected = cluster.acceptedConnections() - connections;
            assertThat(connected).isLessThan((long) (10 * seconds));
            assertThat(seam.commands.get() - commands)
                    .as("each that was lost is asked for once")
                    .isLessThan(FEEDS + FEEDS / 10);
            Requests last = cluster.requests();
            cluster.healClients();
            awaitAllFresh();
            assertReadInFewRequests(cluster.requests().since(last));
            assertAllSee();
        }

        @Test
        void thatRefusesThemTheyAllComeBack() throws Exception {
            follow(FEEDS);
            awaitAllFresh();
            loseClients();
            eventually("all are stale", () -> areAll(Freshness.Stale.class));
            long commands = seam.commands.get();
            pass(OUTAGE);
            assertThat(seam.commands.get() - commands).isLessThan(FEEDS / 10);
            Requests last = cluster.requests();
            cluster.healClients();
            awaitAllFresh();
            assertReadInFewRequests(cluster.requests().since(last));
            assertAllSee();
        }

        private void assertAllSee() throws Exception {
            int last = FEEDS - 1;
            put("k0", "first");
            put("k" + last, "last");
            assertNext(watchers.get(0), "first");
            assertNext(watchers.get(last), "last");
        }
    }

    /** A flaw of the original: when the list succeeded and the watch was refused it span, 180,224 times a second. */
    @Nested
    class AWatchThatAlwaysFailsBehindAReadThatWorks {
        private static final int MANY = 2_000;

        @Test
        void ofOneFeedIsTriedAgainWithRests() throws Exception {
            follow(1);
            seam.breaking = broken -> broken.events().accept(new Event.Compacted(broken.ticket()));
            cluster.cutClients();
            Requests before = cluster.requests();
            double seconds = pass(OUTAGE);
            Requests during = cluster.requests().since(before);
            assertThat(during.started("Range") + during.started("Txn")).isLessThan((long) (10 * seconds));
        }

        @Test
        void ofVeryManyFeedsTakesTurns() throws Exception {
            follow(MANY);
            awaitAllFresh();
            seam.breaking = broken -> broken.events().accept(new Event.Compacted(broken.ticket()));
            cluster.cutClients();
            pass(Duration.ofSeconds(2));
            long watches = seam.watches.get();
            double seconds = pass(OUTAGE);
            assertThat(seam.watches.get() - watches).isLessThan((long) (FAILURES_A_SECOND * seconds));
            seam.breaking = null;
            awaitAllFresh();
        }

        @Test
        void byItselfTakesTurnsToo() throws Exception {
            follow(MANY);
            awaitAllFresh();
            seam.breaking = broken -> broken.events()
                    .accept(new Event.Failed(
                            broken.ticket(), new Trouble(Trouble.Kind.UNREACHABLE, "broken on the way")));
            cluster.cutClients();
            pass(Duration.ofSeconds(2));
            long watches = seam.watches.get();
            double seconds = pass(OUTAGE);
            assertThat(seam.watches.get() - watches).isLessThan((long) (FAILURES_A_SECOND * seconds));
            seam.breaking = null;
            awaitAllFresh();
        }
    }
}
