package dev.eventvalues.etcd.state;

import static dev.eventvalues.etcd.state.Told.continuing;
import static dev.eventvalues.etcd.state.Told.delete;
import static dev.eventvalues.etcd.state.Told.item;
import static dev.eventvalues.etcd.state.Told.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reading beside the watch proves to be missing, and what may still be on its way. */
class AuditTest {
    private static final long CLUSTER = 7;
    private static final Span SPAN = new Span(Key.of("a"), Key.of("m"));

    /** What is known at revision 10, and the watch that tells more. */
    private Follower follower = following(List.of(item("a", "1", 3), item("b", "1", 4)));

    private Audit audit = follower.audit();

    @Test
    void findsNothingWhereNothingHasChanged() {
        read(20, List.of(item("a", "1", 3), item("b", "1", 4)));
        assertThat(lost()).isZero();
    }

    @Test
    void findsAWriteThatWasNotTold() {
        read(20, List.of(item("a", "1", 3), item("b", "2", 12)));
        assertThat(lost()).isEqualTo(1);
    }

    @Test
    void findsARemovalThatWasNotTold() {
        read(20, List.of(item("a", "1", 3)));
        assertThat(lost()).isEqualTo(1);
    }

    @Test
    void findsAKeyThatShouldHaveBeenKnownBefore() {
        read(20, List.of(item("a", "1", 3), item("b", "1", 4), item("c", "1", 5)));
        assertThat(lost()).isEqualTo(1);
    }

    /** What was written by the very revision that a reading is of is part of it. */
    @Test
    void holdsTheServerToTheRevisionsOfBothReadings() {
        read(10, List.of(item("a", "1", 3), item("b", "1", 4), item("c", "1", 10)));
        assertThat(lost()).as("c was there at the revision that is known").isEqualTo(1);

        audit = follower.audit();
        told(put("d", "1", 20));
        read(20, List.of(item("a", "1", 3), item("b", "1", 4)));
        assertThat(lost()).as("d was not there at the revision that wrote it").isEqualTo(1);
    }

    @Test
    void doesNotMissWhatIsToldAfterTheReading() {
        read(20, List.of(item("a", "2", 15), item("c", "1", 16)));
        told(put("a", "2", 15), put("c", "1", 16), delete("b", 17));
        assertThat(lost()).isZero();
    }

    @Test
    void doesNotMissWhatWasWrittenOrRemovedAfterTheReading() {
        read(20, List.of(item("a", "1", 3), item("b", "1", 4), item("c", "1", 16)));
        told(put("c", "1", 16));
        told(put("a", "2", 21), delete("b", 22), delete("c", 23), put("d", "1", 24));
        assertThat(lost()).isZero();
    }

    @Test
    void readsPageByPageAtTheRevisionOfTheFirst() {
        assertThat(audit.next(1)).isEqualTo(new Command.Read(1, Key.of("a"), 0, 1_000));
        audit = audit.with(new Event.Page(1, new Origin(CLUSTER, 20), List.of(item("a", "1", 3)), true, 1));
        assertThat(audit.next(2)).isEqualTo(new Command.Read(2, Key.of("a\0"), 20, 8_000));
        audit = audit.with(new Event.Page(2, new Origin(CLUSTER, 22), List.of(item("b", "1", 4)), false, 1));
        assertThat(audit.next(3)).isNull();
        assertThat(lost()).isZero();
    }

    @Test
    void asksAgainForFewerKeysWhenAPageWasTooMuch() {
        audit = audit.withSmallerPage();
        assertThat(audit.next(2)).isEqualTo(new Command.Read(2, Key.of("a"), 0, 125));
    }

    @Test
    void isGivenUpWhenAnotherStoreAnswers() {
        assertThat(audit.with(new Event.Page(1, new Origin(8, 20), List.of(), false, 1)))
                .isNull();
        assertThat(audit.with(new Event.Page(1, new Origin(CLUSTER, 9), List.of(), false, 1)))
                .isNull();
    }

    /** Else it would be the last audit. */
    @Test
    void isGivenUpWhenAnAnswerMakesNoSense() {
        assertThat(audit.with(new Event.Page(
                        1, new Origin(CLUSTER, 20), List.of(item("b", "1", 4), item("a", "1", 3)), false, 1)))
                .isNull();
    }

    private void read(long revision, List<Map.Entry<Key, Item>> items) {
        audit = audit.with(new Event.Page(1, new Origin(CLUSTER, revision), items, false, 1));
    }

    private void told(Change... changes) {
        follower = follower.step(
                        new Event.Updated(follower.watching(), continuing(follower.known(), changes), false), 0)
                .next();
    }

    private int lost() {
        return audit.lost(follower.known());
    }

    private static Follower following(List<Map.Entry<Key, Item>> items) {
        Follower.Step step = Follower.start(SPAN, Limits.NONE);
        step = step.next().step(new Event.Page(step.command().ticket(), new Origin(CLUSTER, 10), items, false, 1), 0);
        return step.next()
                .step(new Event.Opened(step.command().ticket(), new Origin(CLUSTER, 10), 11, () -> null, 1), 0)
                .next();
    }
}
