package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** That every contender does the work it is measured by. */
class ContenderTest {
    @ParameterizedTest
    @EnumSource
    void firstNextReturnsTheNewest(Contender contender) throws Exception {
        Peer<Object> cell = contender.cell();
        cell.set("second");
        Object reader = cell.open();
        assertThat(cell.next(reader)).isEqualTo("second");
        cell.close(reader);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSetBeforeTheFirstNextCounts(Contender contender) throws Exception {
        Peer<Object> cell = contender.cell();
        Object reader = cell.open();
        cell.set("second");
        cell.set("third");
        assertThat(cell.next(reader)).isEqualTo("third");
    }

    @ParameterizedTest
    @EnumSource
    void idleReadersGetTheNewestOnly(Contender contender) throws Exception {
        Peer<Object> cell = contender.cell();
        Object one = cell.open();
        Object other = cell.open();
        assertThat(cell.next(one)).isEqualTo("first");
        for (String state : List.of("a", "b", "c")) {
            cell.set(state);
        }
        assertThat(cell.next(one)).isEqualTo("c");
        cell.set("d");
        assertThat(cell.next(one)).isEqualTo("d");
        assertThat(cell.next(other)).isEqualTo("d");
    }

    @ParameterizedTest
    @EnumSource
    void othersGoOnAfterOneCloses(Contender contender) throws Exception {
        Peer<Object> cell = contender.cell();
        Object closed = cell.open();
        Object open = cell.open();
        cell.next(closed);
        cell.next(open);
        cell.close(closed);
        cell.set("second");
        assertThat(cell.next(open)).isEqualTo("second");
    }

    static List<Contender> waiting() {
        return Contender.waiting();
    }

    /** Only that waits work: {@code set} comes whenever it comes, so some of these do wait. */
    @ParameterizedTest
    @MethodSource("waiting")
    void waitersGetWhatIsSet(Contender contender) throws Exception {
        Peer<Object> there = contender.cell();
        Peer<Object> back = contender.cell();
        Object far = there.open();
        Object near = back.open();
        there.next(far);
        back.next(near);
        int rounds = 500;
        List<Object> received = Collections.synchronizedList(new ArrayList<>());
        FutureTask<Object> echo = new FutureTask<>(() -> {
            for (int i = 0; i < rounds; i++) {
                Object state = there.next(far);
                received.add(state);
                back.set(state);
            }
            return null;
        });
        Thread thread = new Thread(echo);
        thread.setDaemon(true);
        thread.start();
        List<Object> sent = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Object state = i;
            sent.add(state);
            there.set(state);
            assertThat(back.next(near)).isSameAs(state);
        }
        echo.get(10, TimeUnit.SECONDS);
        assertThat(received).isEqualTo(sent);
    }
}
