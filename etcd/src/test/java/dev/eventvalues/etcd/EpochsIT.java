package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another store answers: another cluster, or the same one with its history gone. */
class EpochsIT extends ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension OTHER = EtcdClusterExtension.members(1);

    private final EtcdCluster other = OTHER.cluster();

    @Test
    void anotherClusterStartsAnEpochAndOnlyTheDifferenceIsTold() throws Exception {
        EtcdKeys keys = own(client(settings()
                .endpoints(cluster.member(0).endpoint(), other.member(0).endpoint())));
        put("a", "one");
        put("b", "two");
        put("c", "three");
        put("d", "here only");
        other.put(key("a"), "one");
        other.put(key("b"), "two there");
        other.put(key("e"), "there only");
        EtcdRange<String> range = keys.prefix("", Codec.utf8());
        EtcdValue<String> same = keys.value("a", Codec.utf8());
        EtcdValue<String> differs = keys.value("b", Codec.utf8());
        EtcdValue<String> gone = keys.value("d", Codec.utf8());
        try (Watcher<Changes<String>> changes = range.changes().watch();
                Watcher<Snapshot<String>> snapshots = range.watch();
                Watcher<Optional<String>> ofSame = same.watch();
                Watcher<Optional<String>> ofDiffers = differs.watch();
                Watcher<Optional<String>> ofGone = gone.watch()) {
            Snapshot<String> here = next(snapshots);
            assertThat(here.epoch()).isEqualTo(1);
            next(changes);
            assertNext(ofSame, "one");
            assertNext(ofDiffers, "two");
            assertNext(ofGone, "here only");

            Member left = cluster.member(0);
            left.refuseClients();
            left.cutClients();
            Changes<String> difference = next(changes);
            assertThat(difference.resync()).isTrue();
            assertThat(difference.changes())
                    .containsExactly(
                            new Change.Updated<>(Key.of("b"), "two", "two there"),
                            new Change.Removed<>(Key.of("c"), "three"),
                            new Change.Removed<>(Key.of("d"), "here only"),
                            new Change.Added<>(Key.of("e"), "there only"));
            Snapshot<String> there = next(snapshots);
            assertThat(there.epoch()).isEqualTo(2);
            assertThat(there.revision()).as("the revision of the other store").isEqualTo(other.revision());
            assertNext(ofDiffers, "two there");
            assertThat(next(ofGone)).isEmpty();
            other.put(key("a"), "one there");
            assertNext(ofSame, "one there"); // and nothing before it
            Changes<String> usual = next(changes);
            assertThat(usual.resync()).isFalse();
            assertThat(usual.changes()).containsExactly(new Change.Updated<>(Key.of("a"), "one", "one there"));
        }
    }

    @Test
    void aClusterWithTheSameContentsIsToldToRangesAsAResyncWithoutChanges() throws Exception {
        EtcdKeys keys = own(client(settings()
                .endpoints(cluster.member(0).endpoint(), other.member(0).endpoint())));
        put("a", "one");
        other.put(key("a"), "one");
        try (Watcher<Changes<String>> changes =
                        keys.prefix("", Codec.utf8()).changes().watch();
                Watcher<Optional<String>> value = keys.value("a", Codec.utf8()).watch()) {
            next(changes);
            assertNext(value, "one");
            Member left = cluster.member(0);
            left.refuseClients();
            left.cutClients();
            Changes<String> resync = next(changes);
            assertThat(resync.resync()).isTrue();
            assertThat(resync.changes()).isEmpty();
            assertThat(resync.after().epoch()).isEqualTo(2);
            other.put(key("a"), "two");
            assertNext(value, "two");
        }
    }

    @Test
    void aWatcherThatSleptThroughAnEpochIsToldTheDifferenceAndTheResync() throws Exception {
        EtcdKeys keys = own(client(settings()
                .endpoints(cluster.member(0).endpoint(), other.member(0).endpoint())));
        put("a", "one");
        EtcdRange<String> range = keys.prefix("", Codec.utf8());
        try (Watcher<Changes<String>> asleep = range.changes().watch();
                Watcher<Snapshot<String>> awake = range.watch()) {
            next(asleep);
            next(awake);
            Member left = cluster.member(0);
            left.refuseClients();
            left.cutClients();
            assertThat(next(awake).epoch()).isEqualTo(2);
            other.put(key("b"), "there");
            assertThat(text(next(awake))).isEqualTo(Map.of("b", "there"));
            Changes<String> all = next(asleep);
            assertThat(all.resync()).isTrue();
            assertThat(all.changes())
                    .containsExactly(
                            new Change.Removed<>(Key.of("a"), "one"), new Change.Added<>(Key.of("b"), "there"));
            assertThat(asleep.poll()).isEmpty();
        }
    }

    /** As after a restored backup: the same cluster id, and revisions that go back. */
    @Test
    void aStoreWhoseRevisionsWentBackStartsAnEpoch() throws Exception {
        Member member = other.member(0);
        EtcdKeys keys = own(clientOf(member));
        for (int i = 0; i < 20; i++) {
            other.put(key("a"), String.valueOf(i));
        }
        other.put(key("b"), "lost");
        EtcdRange<String> range = keys.prefix("", Codec.utf8());
        EtcdValue<String> value = keys.value("a", Codec.utf8());
        try (Watcher<Changes<String>> changes = range.changes().watch();
                Watcher<Optional<String>> values = value.watch()) {
            long before = next(changes).after().revision();
            assertNext(values, "19");
            Path data = dataOf(member);
            member.kill();
            delete(data);
            member.start();
            assertThat(other.revision()).isLessThan(before);
            Changes<String> nothing = next(changes);
            assertThat(nothing.resync()).isTrue();
            assertThat(nothing.changes())
                    .containsExactly(
                            new Change.Removed<>(Key.of("a"), "19"), new Change.Removed<>(Key.of("b"), "lost"));
            assertThat(nothing.after().epoch()).isEqualTo(2);
            assertThat(nothing.after().revision()).isLessThan(before);
            assertThat(next(values)).isEmpty();
            other.put(key("a"), "new");
            assertNext(values, "new");
            Changes<String> usual = next(changes);
            assertThat(usual.resync()).isFalse();
            assertThat(usual.changes()).containsExactly(new Change.Added<>(Key.of("a"), "new"));
            assertThat(range.await(BOUND).epoch()).isEqualTo(2);
        }
    }

    private static Path dataOf(Member member) {
        String[] arguments = ProcessHandle.of(member.pid())
                .flatMap(process -> process.info().arguments())
                .orElseThrow();
        String flag = "--data-dir=";
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(flag))
                .map(argument -> Path.of(argument.substring(flag.length())))
                .findFirst()
                .orElseThrow();
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
