package dev.eventvalues.etcd.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever bytes a server sends: nothing is thrown in a task, no feed falls silent, what is shown keeps its invariants, and
 * once the server is honest again so is what is known.
 */
class AnswersFuzzTest {
    @FuzzTest
    void noAnswerBreaksAFeed(FuzzedDataProvider data) {
        try (Conversation conversation = new Conversation(data)) {
            conversation.run();
        }
    }

    @FuzzTest
    void noTextOfACancelledWatchBreaksItsReading(FuzzedDataProvider data) {
        Troubles.ofCancelledWatch(Endpoint.parse("http://127.0.0.1:1"), data.consumeRemainingAsString());
    }
}
