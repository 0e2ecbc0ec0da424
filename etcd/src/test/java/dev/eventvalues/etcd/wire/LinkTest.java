package dev.eventvalues.etcd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.Eventually;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.ResponseHeader;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the answer to a probe proves, and when. The server is this test. */
class LinkTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    private final Clockwork clockwork = new Clockwork();
    private final Server server = new Server();

    /** Written and read on the thread of the test, as nothing else brings tasks. */
    private int answered;

    @AfterEach
    void stop() {
        clockwork.close();
    }

    /**
     * A member applies what others have written, sends its watches what changed, and answers the read. It promises no order
     * between the last two: on a busy machine the answer has come first, and what was shown then counted as fresh for two
     * milliseconds. Found by the fault campaign, schedule 653.
     */
    @Test
    void anAnswerProvesNothingBeforeTheEventsHaveComeThatItMayHaveOvertaken() {
        Link link = link(LONG);
        link.probe(() -> answered++, status -> {});
        server.answers();

        assertThat(answered).as("the endpoint is known to be there").isEqualTo(1);
        assertThat(link.last()).as("but not yet that nothing is on its way").isNull();
        assertThat(link.standing()).isNull();
    }

    @Test
    void onceTheyMustHaveComeItProvesWhatWasSentBeforeIt() {
        Link link = link(0);
        long before = System.nanoTime();
        link.probe(() -> answered++, status -> {});
        long after = System.nanoTime();
        server.answers();
        Eventually.eventually("a proof", () -> link.last() != null);

        Proof proof = link.last();
        assertThat(proof.nanoTime()).as("when the read was sent").isBetween(before, after);
        assertThat(proof.term()).isEqualTo(3);
    }

    private Link link(long overtaken) {
        return new Link(
                0,
                Endpoint.parse("http://127.0.0.1:1"),
                server,
                clockwork,
                new Link.Times(LONG, LONG, LONG, LONG, overtaken),
                new Ancestry(() -> {}),
                (ended, status) -> {});
    }

    /** The other end of a connection. */
    private static final class Server extends ManagedChannel {
        private AnsweredCall<?, ?> call;

        void answers() {
            call.says(RangeResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder()
                            .setClusterId(7)
                            .setRevision(20)
                            .setRaftTerm(3))
                    .build());
            call.ends(Status.OK);
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            AnsweredCall<Q, A> made = new AnsweredCall<>();
            call = made;
            return made;
        }

        @Override
        public String authority() {
            return "test";
        }

        @Override
        public ManagedChannel shutdown() {
            return this;
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public ManagedChannel shutdownNow() {
            return this;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
