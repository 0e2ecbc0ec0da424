package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.verification.campaign.Sighting.Held;
import dev.eventvalues.verification.campaign.Sighting.OfChanges;
import dev.eventvalues.verification.campaign.Sighting.OfFreshness;
import dev.eventvalues.verification.campaign.Sighting.OfKey;
import dev.eventvalues.verification.campaign.Sighting.OfRange;
import dev.eventvalues.verification.campaign.Sighting.OfRefusal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Those who stay begin a round with what they were shown last in the one before. */
class AttendanceTest {
    private static OfRange range(String watcher, long revision) {
        return new OfRange(watcher, 0, 1, revision, new TreeMap<>(Map.of("a", new Held("one", 2))));
    }

    private static List<Sighting> last(Sighting... all) {
        return Attendance.ForMany.lastOfEach(List.of(all));
    }

    @Test
    void eachBeginsWithItsLast() {
        OfKey one = new OfKey("eager a", 1, "a", "one", 0);
        OfKey other = new OfKey("eager a", 2, "a", null, 0);
        OfRange range = range("eager range", 5);
        OfFreshness fresh = new OfFreshness("freshness of a", 3, true, "fresh");
        assertThat(last(one, range, fresh, other)).containsExactlyInAnyOrder(other, range, fresh);
    }

    @Test
    void whoIsToldChangesBeginsWithWhatTheyLedTo() {
        OfRange after = range("eager changes", 7);
        assertThat(last(new OfChanges("eager changes", 0, List.of(), after, false)))
                .containsExactly(after);
    }

    @Test
    void whoHasSeenNothingNewBeginsWithWhatHeBeganWith() {
        OfKey one = new OfKey("eager a", 1, "a", "one", 0);
        assertThat(Attendance.ForMany.lastOfEach(last(one))).containsExactly(one);
    }

    @Test
    void guestsDoNotComeAgainAndRefusalsAreOver() {
        assertThat(last(range(Guest.TITLE + "7 who looks once", 3), new OfRefusal("eager range", 0, "denied")))
                .isEmpty();
    }
}
