package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many keys a reading asks for at once. */
class PagesTest {
    private static final Span SPAN = Span.prefix(Key.of("k"));
    private static final int SMALL = 50;
    private static final int LARGE = 100_000;

    private Pages pages = Pages.of(SPAN, Limits.NONE);

    /** How many keys have been read. */
    private int read;

    @Test
    void beginWithAThousandKeys() {
        assertThat(asked()).isEqualTo(1_000);
    }

    @Test
    void ofOneKeyAreOneKey() {
        pages = Pages.of(Span.of(Key.of("k")), Limits.NONE);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void growEightfoldWhileTheyAreSmall() {
        answer(1);
        assertThat(asked()).isEqualTo(8_000);
    }

    @Test
    void growToWhatMakesAGoodPage() {
        answer(SMALL);
        answer(SMALL);
        assertThat(asked() * cost(SMALL)).isBetween(Pages.GOOD * 99 / 100, Pages.GOOD);
        answer(SMALL);
        assertThat(asked() * cost(SMALL)).isBetween(Pages.GOOD * 99 / 100, Pages.GOOD);
    }

    @Test
    void shrinkAtOnceWhereValuesAreLarger() {
        answer(SMALL);
        answer(LARGE);
        assertThat(asked()).isEqualTo((int) (Pages.GOOD / cost(LARGE)));
        answer(2 * (int) Pages.GOOD);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void growAgainWhereValuesAreSmaller() {
        answer(2 * (int) Pages.GOOD);
        answer(SMALL);
        assertThat(asked()).isEqualTo(8);
        answer(SMALL);
        assertThat(asked()).isEqualTo(64);
    }

    @Test
    void neverHaveMoreKeysThanAllowed() {
        pages = Pages.of(SPAN, new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, 300));
        assertThat(asked()).isEqualTo(300);
        answer(SMALL);
        assertThat(asked()).isEqualTo(300);
        pages = Pages.of(SPAN, new Limits(Integer.MAX_VALUE, Long.MAX_VALUE, 3_000));
        answer(SMALL);
        assertThat(asked()).isEqualTo(3_000);
    }

    @Test
    void haveAnEighthOfTheKeysAfterOneThatWasTooMuch() {
        answer(SMALL);
        tooMuch();
        assertThat(asked()).isEqualTo(1_000);
        tooMuch();
        assertThat(asked()).isEqualTo(125);
        assertThat(pages.next(1).from()).isEqualTo(Key.of("k000999\0"));
    }

    /** What did not come in time once would not come in time again. */
    @Test
    void aimAtLessAfterOneThatWasTooMuch() {
        answer(SMALL);
        answer(SMALL);
        tooMuch();
        answer(SMALL);
        assertThat(asked() * cost(SMALL)).isBetween(Pages.GOOD / 2 * 99 / 100, Pages.GOOD / 2);
    }

    @Test
    void doNotAimAtLessAndLess() {
        for (int again = 0; again < 5; again++) {
            while (pages.smaller() != null) {
                tooMuch();
            }
            assertThat(asked()).isEqualTo(1);
            for (int i = 0; i < 5; i++) {
                answer(SMALL);
            }
        }
        assertThat(asked() * cost(SMALL)).isGreaterThanOrEqualTo(Pages.LEAST * 99 / 100);
    }

    @Test
    void endWithOneThatHasNoMore() {
        answer(SMALL);
        pages = pages.with(new Event.Page(1, new Origin(7, 10), List.of(), false, 1));
        assertThat(pages.next(1)).isNull();
        assertThat(pages.items().size()).isEqualTo(1_000);
        assertThat(pages.bytes()).isEqualTo(1_000 * cost(SMALL));
    }

    private static long cost(int bytes) {
        return "k000000".length() + bytes + (long) Limits.OVERHEAD;
    }

    private int asked() {
        return pages.next(1).keys();
    }

    /** A page of as many keys as were asked for. */
    private void answer(int bytes) {
        int from = read;
        read += asked();
        Item item = new Item(new byte[bytes], 1, 1, 1, 0);
        List<Map.Entry<Key, Item>> items = IntStream.range(from, read)
                .mapToObj(i -> Map.entry(Key.of(String.format("k%06d", i)), item))
                .toList();
        pages = pages.with(new Event.Page(1, new Origin(7, 10), items, true, 1));
    }

    private void tooMuch() {
        pages = pages.smaller();
    }
}
