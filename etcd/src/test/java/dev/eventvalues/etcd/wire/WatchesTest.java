package dev.eventvalues.etcd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private final Watches watches = new Watches();

    @Test
    void areFoundByTheirNumbers() {
        Watch one = add();
        Watch other = add();
        assertThat(watches.get(one.id())).isSameAs(one);
        assertThat(watches.get(other.id())).isSameAs(other);
        assertThat(watches.all()).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void areNotFoundByAnyOtherNumber() {
        Watch watch = add();
        assertThat(watches.get(-1)).isNull();
        assertThat(watches.get(0)).isNull();
        assertThat(watches.get(watch.id() + 1)).isNull();
        assertThat(watches.get(Long.MAX_VALUE)).isNull();
    }

    /** The server may still tell of a watch that was cancelled; another must not take that for its own. */
    @Test
    void areNotFoundByTheNumberOfAnEarlierOneInTheirPlace() {
        Watch earlier = add();
        watches.remove(earlier);
        Watch later = add();
        assertThat(watches.get(earlier.id())).isNull();
        assertThat(watches.get(later.id())).isSameAs(later);
    }

    @Test
    void comeAndGoInAnyOrder() {
        Random random = new Random(7);
        Map<Long, Watch> expected = new HashMap<>();
        Set<Long> numbers = new HashSet<>();
        List<Long> gone = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(5) < (i < 5_000 ? 3 : 2) || expected.isEmpty()) {
                Watch watch = add();
                assertThat(numbers.add(watch.id())).isTrue();
                expected.put(watch.id(), watch);
            } else {
                Watch leaving = watches.all().get(random.nextInt(expected.size()));
                watches.remove(leaving);
                expected.remove(leaving.id());
                gone.add(leaving.id());
            }
        }
        assertThat(watches.size()).isEqualTo(expected.size());
        assertThat(watches.all()).containsExactlyInAnyOrderElementsOf(expected.values());
        expected.forEach((number, watch) -> assertThat(watches.get(number)).isSameAs(watch));
        gone.forEach(number -> assertThat(watches.get(number)).isNull());
    }

    private Watch add() {
        // of a watch only its number counts here
        Watch watch = new Watch(null, Span.of(Key.of("k")), new Command.Follow(1, 1, 0), event -> {});
        watch.startsOn(null, watches.next());
        watches.add(watch);
        return watch;
    }
}
