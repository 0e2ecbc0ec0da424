package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private final ServerSocket server;
    private final TcpProxy proxy;
    private final List<Talk> talks = new ArrayList<>();

    TcpProxyTest() throws IOException {
        server = Talk.echo();
        proxy = new TcpProxy("proxy", server.getLocalPort(), socket -> 0);
    }

    @BeforeEach
    void listen() {
        proxy.listen();
    }

    @AfterEach
    void close() throws IOException {
        for (Talk talk : talks) {
            talk.close();
        }
        proxy.close();
        server.close();
    }

    private Talk talk() throws IOException {
        Talk talk = new Talk(proxy.port());
        talks.add(talk);
        return talk;
    }

    private Talk openTalk() throws IOException {
        Talk talk = talk().say("hello");
        assertThat(talk.hear(5)).isEqualTo("hello");
        return talk;
    }

    @Test
    void bytesArePassedOnBothWays() throws IOException {
        String much = "0123456789".repeat(100_000);
        Talk talk = talk();
        Thread speaker = TcpProxy.thread("speaker", () -> {
            try {
                talk.say(much).endSaying();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        speaker.start();

        assertThat(talk.hearUntilEnd()).isEqualTo(much);
    }

    @Test
    void anEndInOneDirectionLeavesTheOtherOneOpen() throws IOException {
        Talk talk = talk().say("last words");
        talk.endSaying();

        assertThat(talk.hearUntilEnd()).isEqualTo("last words");
    }

    @Test
    void manyConnectionsAreOpenAtOnce() throws IOException {
        for (int i = 0; i < 200; i++) {
            openTalk();
        }
        for (Talk talk : talks) {
            assertThat(talk.say("again").hear(5)).isEqualTo("again");
        }
    }

    @Test
    void aResetHitsOpenConnectionsAndNotLaterOnes() throws IOException {
        Talk open = openTalk();

        proxy.reset();

        assertThat(open.hearUntilReset()).isEmpty();
        openTalk();
    }

    @Test
    void refusedConnectionsAreRefusedUntilItListensAgain() throws IOException {
        Talk open = openTalk();

        proxy.refuse();

        assertThat(Talk.isRefused(proxy.port())).isTrue();
        assertThat(open.say("still here").hear(10)).isEqualTo("still here");

        proxy.listen();
        openTalk();
    }

    @Test
    void aConnectionIsResetWhenThereIsNoServer() throws IOException {
        try (TcpProxy toNobody = new TcpProxy("to nobody", LoopbackPort.free(), socket -> 0)) {
            toNobody.listen();

            try (Talk talk = new Talk(toNobody.port())) {
                assertThat(talk.hearUntilReset()).isEmpty();
            }
        }
    }

    @Test
    void aBlackHoleKeepsConnectionsOpenAndSilentUntilItEnds() throws IOException {
        Talk open = openTalk();

        proxy.valve().shut();
        open.say("anybody?");
        Talk late = talk().say("me too?");
        assertThat(open.hearsNothing()).isTrue();
        assertThat(late.hearsNothing()).isTrue();

        proxy.valve().open();
        assertThat(open.hear(8)).isEqualTo("anybody?");
        assertThat(late.hear(7)).isEqualTo("me too?");
    }

    @Test
    void aConnectionInABlackHoleCanBeReset() throws IOException {
        Talk open = openTalk();
        proxy.valve().shut();
        open.say("anybody?");

        proxy.reset();

        assertThat(open.hearUntilReset()).isEmpty();
    }

    @Test
    void exactlyTheBytesBeforeTheCutAreHeard() throws IOException {
        for (int bytes = 0; bytes < 10; bytes++) {
            Talk talk = openTalk();
            proxy.valve().cutAfter(bytes);
            talk.say("0123456789");

            assertThat(talk.hearUntilReset()).isEqualTo("0123456789".substring(0, bytes));
        }
    }

    @Test
    void theBytesBeforeTheCutAreCountedOverAllConnectionsAndAllAreCut() throws IOException {
        Talk one = openTalk();
        Talk other = openTalk();
        proxy.valve().cutAfter(6);

        assertThat(one.say("1234").hear(4)).isEqualTo("1234");
        other.say("5678");

        assertThat(other.hearUntilReset()).isEqualTo("56");
        assertThat(one.hearUntilReset()).isEmpty();
    }

    @Test
    void theCutAfterSomeBytesHappensOnce() throws IOException {
        proxy.valve().cutAfter(0);
        assertThat(talk().say("x").hearUntilReset()).isEmpty();

        assertThat(openTalk().say("0123456789").hear(10)).isEqualTo("0123456789");
    }

    @Test
    void aDelayHoldsEachPieceAndEndsWhenItIsLifted() throws IOException {
        Talk talk = openTalk();
        Duration delay = Duration.ofMillis(50);
        proxy.valve().delay(delay);

        long start = System.nanoTime();
        assertThat(talk.say("slow").hear(4)).isEqualTo("slow");
        // There and back.
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(delay.multipliedBy(2).toNanos());

        proxy.valve().delay(Duration.ofHours(1));
        talk.say("stuck");
        assertThat(talk.hearsNothing()).isTrue();
        proxy.valve().open();
        assertThat(talk.hear(5)).isEqualTo("stuck");
    }

    @Test
    void originsHaveValvesOfTheirOwn() throws IOException {
        Talk open = openTalk();

        proxy.valve(1).shut();
        assertThat(open.say("still here").hear(10)).isEqualTo("still here");

        proxy.valve(0).shut();
        assertThat(open.say("anybody?").hearsNothing()).isTrue();
    }

    @Test
    void oneDirectionCanBeShutAlone() throws IOException {
        Talk open = openTalk();

        proxy.valve().shut(false, true);
        assertThat(open.say("echo").hearsNothing()).isTrue();
        proxy.valve().shut(true, false);
        assertThat(open.hear(4)).isEqualTo("echo");
        assertThat(open.say("more").hearsNothing()).isTrue();
        proxy.valve().open();
        assertThat(open.hear(4)).isEqualTo("more");
    }

    @Test
    void severedOriginsAreResetNowAndWheneverTheyComeAgain() throws IOException {
        Talk open = openTalk();

        proxy.sever(origin -> origin == 0);

        assertThat(open.hearUntilReset()).isEmpty();
        assertThat(talk().hearUntilReset()).isEmpty();

        proxy.sever(origin -> origin == 1);
        openTalk();
    }
}
