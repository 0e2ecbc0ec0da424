package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a consumer of one key is told, while nothing fails. */
class FollowingAKeyIT extends ThreeMembers {
    private final EtcdKeys keys = own(client());
    private final WritableEtcdValue<String> value = keys.value("a", Codec.utf8());

    @Test
    void aWatcherIsToldTheValueAndThenItsChanges() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            put("a", "two");
            assertNext(watcher, "two");
            put("a", "three");
            assertNext(watcher, "three");
        }
    }

    @Test
    void whatIsSetIsWhatEtcdHoldsAndIsToldToWatchers() throws Exception {
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertThat(next(watcher)).isEmpty();
            long revision = value.set("one");
            assertThat(cluster.entry(key("a")).orElseThrow().modRevision()).isEqualTo(revision);
            assertThat(held()).containsEntry("a", "one");
            assertNext(watcher, "one");
            assertThat(value.delete()).isTrue();
            assertThat(value.delete()).isFalse();
            assertThat(held()).isEmpty();
            assertThat(next(watcher)).isEmpty();
        }
    }

    @Test
    void aKeyThatIsNotThereYetIsKnownToBeAbsentAndItsPresentViewWaits() throws Exception {
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<String> present = value.present().watch()) {
            assertThat(next(watcher)).isEmpty();
            Call<String> early = blockedNext(present);
            put("a", "one");
            assertThat(early.result()).isEqualTo("one");
            assertNext(watcher, "one");
        }
    }

    @Test
    void aRemovalIsToldButNotByThePresentView() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<String> present = value.present().watch();
                Watcher<String> orElse = value.orElse("nothing").watch()) {
            assertNext(watcher, "one");
            assertThat(next(present)).isEqualTo("one");
            assertThat(next(orElse)).isEqualTo("one");
            delete("a");
            assertThat(next(watcher)).isEmpty();
            assertThat(next(orElse)).isEqualTo("nothing");
            assertThat(present.poll()).isEmpty();
            put("a", "two");
            assertNext(watcher, "two");
            assertThat(next(present)).isEqualTo("two");
            assertThat(next(orElse)).isEqualTo("two");
        }
    }

    /** A flaw of the original: it took empty for absent. */
    @Test
    void creatingAnEmptyValueAndDeletingOneAreTold() throws Exception {
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertThat(next(watcher)).isEmpty();
            put("a", "");
            assertNext(watcher, "");
            delete("a");
            assertThat(next(watcher)).isEmpty();
        }
    }

    /** A flaw of the original: the decoder got nothing for a removed key, as for an empty one. */
    @Test
    void theDecoderIsNotAskedAboutAnAbsentKey() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        EtcdValue<String> counting = keys.value("a", (Decoder<String>) (key, bytes) -> {
            asked.incrementAndGet();
            return new String(bytes, StandardCharsets.UTF_8);
        });
        try (Watcher<Optional<String>> watcher = counting.watch()) {
            assertThat(next(watcher)).isEmpty();
            put("a", "one");
            assertNext(watcher, "one");
            delete("a");
            assertThat(next(watcher)).isEmpty();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void aWatcherThatDidNotLookGetsTheNewestOfAThousandOnce() throws Exception {
        put("a", "0");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "0");
            long last = 0;
            for (int i = 1; i <= 1_000; i++) {
                last = put("a", String.valueOf(i));
            }
            awaitTakenIn(keys, "a", last);
            assertNext(watcher, "1000");
            assertThat(watcher.poll()).isEmpty();
        }
    }

    /** A flaw of the original: it told consumers what they knew. */
    @Test
    void aChangeThatWasUndoneBeforeAConsumerLookedIsNotTold() throws Exception {
        put("a", "A");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "A");
            put("a", "B");
            awaitTakenIn(keys, "a", put("a", "A"));
            assertThat(watcher.poll()).isEmpty();
            delete("a");
            awaitTakenIn(keys, "a", put("a", "A"));
            assertThat(watcher.poll()).isEmpty();
        }
    }

    /** A flaw of the original: it told consumers of the removal of a key that they had never seen. */
    @Test
    void aKeyThatCameAndWentUnseenIsNotTold() throws Exception {
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertThat(next(watcher)).isEmpty();
            put("a", "one");
            awaitTakenIn(keys, "a", delete("a"));
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void aWriteThatChangesNothingIsNotTold() throws Exception {
        put("a", "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertNext(watcher, "one");
            awaitTakenIn(keys, "a", put("a", "one"));
            assertThat(watcher.poll()).isEmpty();
        }
    }

    @Test
    void entriesTellEveryWriteWithEtcdsAccounts() throws Exception {
        put("a", "one");
        try (Watcher<Optional<Entry<String>>> watcher = value.entries().watch()) {
            assertThat(next(watcher)).contains(accounts());
            put("a", "one");
            assertThat(next(watcher)).contains(accounts());
            delete("a");
            assertThat(next(watcher)).isEmpty();
            put("a", "two");
            assertThat(next(watcher)).contains(accounts());
            assertThat(watcher.poll()).isEmpty();
        }
        assertThat(value.entries().current()).contains(Optional.of(accounts()));
    }

    private Entry<String> accounts() {
        KeyValue held = cluster.entry(key("a")).orElseThrow();
        return new Entry<>(
                Key.of("a"), held.valueText(), held.createRevision(), held.modRevision(), held.version(), held.lease());
    }

    // ---- decoders

    /** A flaw of the original: an error lost the update, and did not say whose it was. */
    @Test
    void aValueThatCannotBeDecodedIsThrownOnceWithItsKeyAndRevisionAndTheNextGoodOneIsTold() throws Exception {
        EtcdValue<Integer> number = keys.value("a", (Decoder<Integer>) FollowingAKeyIT::number);
        put("a", "1");
        try (Watcher<Optional<Integer>> watcher = number.watch()) {
            assertNext(watcher, 1);
            long bad = put("a", "secret");
            DecodeException failure = catchThrowableOfType(DecodeException.class, () -> next(watcher));
            assertThat(failure.key()).isEqualTo(Key.of("a"));
            assertThat(failure.revision()).isEqualTo(bad);
            assertThat(failure).hasCauseInstanceOf(NumberFormatException.class);
            assertThat(failure.getMessage())
                    .contains("\"a\"", String.valueOf(bad), "6 bytes")
                    .doesNotContain("secret");
            assertThat(watcher.poll()).isEmpty();
            put("a", "2");
            assertNext(watcher, 2);
        }
    }

    @Test
    void afterAValueThatCannotBeDecodedTheOneBeforeItIsToldAgain() throws Exception {
        EtcdValue<Integer> number = keys.value("a", (Decoder<Integer>) FollowingAKeyIT::number);
        put("a", "1");
        try (Watcher<Optional<Integer>> watcher = number.watch()) {
            assertNext(watcher, 1);
            put("a", "bad");
            assertThatThrownBy(() -> next(watcher)).isInstanceOf(DecodeException.class);
            put("a", "1");
            assertNext(watcher, 1);
        }
    }

    @Test
    void everyWatcherIsToldThatAValueCannotBeDecodedAndAwaitThrowsEachTime() throws Exception {
        EtcdValue<Integer> number = keys.value("a", (Decoder<Integer>) FollowingAKeyIT::number);
        put("a", "bad");
        for (int i = 0; i < 2; i++) {
            try (Watcher<Optional<Integer>> watcher = number.watch()) {
                assertThatThrownBy(() -> next(watcher)).isInstanceOf(DecodeException.class);
            }
            assertThatThrownBy(() -> number.await(BOUND)).isInstanceOf(DecodeException.class);
        }
        awaitTakenIn(keys, "a", put("a", "1"));
        assertThat(number.await(BOUND)).contains(1);
    }

    @Test
    void aDecoderThatReturnsNullIsToldOnceAndHarmsNothing() throws Exception {
        EtcdValue<String> value = keys.value("a", (Decoder<String>) (key, bytes) -> nullFor(bytes, "null"));
        put("a", "null");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertThatThrownBy(() -> next(watcher))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("\"a\"");
            assertThat(watcher.poll()).isEmpty();
            put("a", "one");
            assertNext(watcher, "one");
        }
    }

    private static String nullFor(byte[] bytes, String bad) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.equals(bad) ? null : text;
    }

    /** A flaw of the original: a decoder that panicked lost the update, and the process. */
    @Test
    void anErrorOfADecoderIsToldLikeAnException() throws Exception {
        EtcdValue<String> value = keys.value("a", (Decoder<String>) (key, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.equals("deep")) {
                throw new StackOverflowError("of the decoder");
            }
            return text;
        });
        put("a", "deep");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            assertThatThrownBy(() -> next(watcher))
                    .isInstanceOf(DecodeException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
            assertThat(watcher.poll()).isEmpty();
            put("a", "one");
            assertNext(watcher, "one");
        }
    }

    @Test
    void manyWatchersDecodeAValueOnce() throws Exception {
        AtomicInteger decoded = new AtomicInteger();
        EtcdValue<String> counting = keys.value("a", (Decoder<String>) (key, bytes) -> {
            decoded.incrementAndGet();
            return new String(bytes, StandardCharsets.UTF_8);
        });
        put("a", "one");
        for (int i = 0; i < 10; i++) {
            assertThat(counting.await(BOUND)).contains("one");
        }
        assertThat(decoded).hasValue(1);
    }

    /** A flaw of the original: a consumer that wrote into the bytes it got changed what the next value was compared with. */
    @Test
    void aConsumerThatWritesIntoItsBytesDisturbsNobody() throws Exception {
        WritableEtcdValue<byte[]> bytes = keys.value("a", Codec.bytes());
        byte[] written = {'o', 'n', 'e'};
        bytes.set(written);
        try (Watcher<Optional<byte[]>> watcher = bytes.watch();
                Watcher<Optional<byte[]>> other = bytes.watch()) {
            byte[] mine = next(watcher).orElseThrow();
            System.arraycopy("two".getBytes(StandardCharsets.UTF_8), 0, mine, 0, 3);
            assertThat(next(other).orElseThrow()).asString().isEqualTo("one");
            assertThat(bytes.current().orElseThrow().orElseThrow()).asString().isEqualTo("one");
            put("a", "two");
            assertThat(next(watcher).orElseThrow()).asString().isEqualTo("two");
            assertThat(next(other).orElseThrow()).asString().isEqualTo("two");
        }
    }

    private static Integer number(Key key, byte[] bytes) {
        return Integer.valueOf(new String(bytes, StandardCharsets.UTF_8));
    }
}
