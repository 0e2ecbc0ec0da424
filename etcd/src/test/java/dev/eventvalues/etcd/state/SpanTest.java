package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import org.junit.jupiter.api.Test;

class SpanTest {
    private final Key key = Key.of("k");

    @Test
    void ofOneKeyIsTheSameHoweverItIsAskedFor() {
        Span range = new Span(key, Key.of(new byte[] {'k', 0}));
        assertThat(range).isEqualTo(Span.of(key)).hasSameHashCodeAs(Span.of(key));
        assertThat(range.isOneKey()).isTrue();
    }

    @Test
    void ofOneKeyHoldsThatKeyAndNoOther() {
        Span span = Span.of(key);
        assertThat(span.contains(Key.of("k"))).isTrue();
        assertThat(span.contains(Key.of(new byte[] {'k', 0}))).isFalse();
        assertThat(span.contains(Key.of("ka"))).isFalse();
        assertThat(span.contains(Key.of("j"))).isFalse();
    }

    @Test
    void ofSeveralKeysHoldsThoseFromTheFirstUpToTheEnd() {
        Span span = new Span(key, Key.of("m"));
        assertThat(span.isOneKey()).isFalse();
        assertThat(span.contains(key)).isTrue();
        assertThat(span.contains(Key.of("kz"))).isTrue();
        assertThat(span.contains(Key.of("m"))).isFalse();
        assertThat(span.contains(Key.of("j"))).isFalse();
    }

    @Test
    void withoutEndHoldsAllFromTheFirst() {
        Span span = Span.prefix(Key.of(new byte[] {(byte) 0xff}));
        assertThat(span.to()).isNull();
        assertThat(span.contains(Key.of(new byte[] {(byte) 0xff, (byte) 0xff}))).isTrue();
        assertThat(span.contains(key)).isFalse();
    }

    @Test
    void ofAPrefixHoldsWhatBeginsWithIt() {
        Span span = Span.prefix(Key.of("k/"));
        assertThat(span.contains(Key.of("k/"))).isTrue();
        assertThat(span.contains(Key.of("k/\uffff"))).isTrue();
        assertThat(span.contains(Key.of("k0"))).isFalse();
        assertThat(span.contains(Key.of("k"))).isFalse();
        assertThat(span.isOneKey()).isFalse();
    }

    /** The byte 0xff has no successor, so the one before it grows. */
    @Test
    void ofAPrefixThatEndsInTheLastByteThereIsHoldsWhatBeginsWithIt() {
        Span span = Span.prefix(Key.of(new byte[] {'k', (byte) 0xff, (byte) 0xff}));
        assertThat(span.to()).isEqualTo(Key.of("l"));
        assertThat(span.contains(Key.of(new byte[] {'k', (byte) 0xff, (byte) 0xff, (byte) 0xff})))
                .isTrue();
        assertThat(span.contains(Key.of("l"))).isFalse();
    }

    @Test
    void ofTheEmptyPrefixHoldsEveryKey() {
        Span span = Span.prefix(Key.of(""));
        assertThat(span.to()).isNull();
        assertThat(span.contains(Key.of(new byte[1]))).isTrue();
        assertThat(span.contains(Key.of(new byte[] {(byte) 0xff}))).isTrue();
    }

    @Test
    void saysWhichKeysItHolds() {
        assertThat(Span.of(key)).hasToString("key k");
        assertThat(new Span(key, Key.of("m"))).hasToString("keys from k to m");
        assertThat(new Span(key, null)).hasToString("keys from k on");
    }

    @Test
    void keepsOneObjectForItsFirstKey() {
        assertThat(Span.of(key).own(Key.of("k"))).isSameAs(key);
        Key other = Key.of("l");
        assertThat(new Span(key, Key.of("m")).own(other)).isSameAs(other);
    }
}
