package dev.eventvalues.etcd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.etcd.wire.RepeatedCall.Attempt;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that is turned away is made once more, whenever the answer comes. */
class RepeatedCallTest {
    private static final Status TURNED_AWAY = Status.UNAUTHENTICATED;

    private final List<String> log = new ArrayList<>();

    /** When a server answers. */
    private enum At {
        MESSAGE,
        END
    }

    /** A call that a server answers with a status, on the thread that sends. */
    private final class Answered extends ClientCall<String, String> {
        private final At when;
        private final Status answer;
        private Listener<String> listener = new Listener<>() {};

        Answered(At when, Status answer) {
            this.when = when;
            this.answer = answer;
        }

        @Override
        public void start(Listener<String> listener, Metadata headers) {
            this.listener = listener;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(String reason, Throwable cause) {
            log.add("cancel");
        }

        @Override
        public void sendMessage(String message) {
            log.add(message);
            answer(At.MESSAGE);
        }

        @Override
        public void halfClose() {
            log.add("end");
            answer(At.END);
        }

        private void answer(At now) {
            if (now == when) {
                listener.onClose(answer, new Metadata());
            }
        }
    }

    private void call(Answered... attempts) {
        Iterator<Answered> next = Arrays.asList(attempts).iterator();
        RepeatedCall<String, String> call = new RepeatedCall<>(() -> new Attempt<>(next.next(), TURNED_AWAY::equals));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        log.add(status.getCode().toString());
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage("question");
        call.halfClose();
    }

    @Test
    void oneThatIsServedIsMadeOnce() {
        call(new Answered(At.END, Status.OK));
        assertThat(log).containsExactly("question", "end", "OK");
    }

    @Test
    void oneThatIsTurnedAwayIsMadeAgain() {
        call(new Answered(At.END, TURNED_AWAY), new Answered(At.END, Status.OK));
        assertThat(log).containsExactly("question", "end", "question", "end", "OK");
    }

    /** A server need not wait for the end of a request that has one message, and the sender may be slow to say it. */
    @Test
    void oneThatIsTurnedAwayBeforeItsEndIsMadeAgain() {
        call(new Answered(At.MESSAGE, TURNED_AWAY), new Answered(At.END, Status.OK));
        assertThat(log).containsSubsequence("question", "question", "end", "OK");
    }

    @Test
    void oneThatIsTurnedAwayTwiceIsTold() {
        call(new Answered(At.END, TURNED_AWAY), new Answered(At.END, TURNED_AWAY));
        assertThat(log).containsExactly("question", "end", "question", "end", "UNAUTHENTICATED");
    }
}
