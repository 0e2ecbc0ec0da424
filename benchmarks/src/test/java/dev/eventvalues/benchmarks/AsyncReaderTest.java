package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That every way to read without a thread does the work it is measured by. */
class AsyncReaderTest {
    @ParameterizedTest
    @EnumSource
    void allReadersGetEachStateOnce(AsyncReader way) throws Exception {
        AsyncCrowd crowd = new AsyncCrowd(way, 50); // which fails if a reader gets anything else
        for (int i = 0; i < 20; i++) {
            Crowd.Wake wake = crowd.wake(new Object());
            assertThat(wake.allNanos()).isPositive();
        }
        crowd.end();
    }

    @ParameterizedTest
    @EnumSource
    void readersAreCalledOnTheirWorkers(AsyncReader way) throws Exception {
        Workers workers = way.workers();
        AsyncCell cell = way.cell(workers);
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        cell.set("first");
        cell.read(state -> threads.add(Thread.currentThread().getName()));
        assertThat(threads.poll(10, TimeUnit.SECONDS)).startsWith(workers.threads());
        workers.awaitIdle();
        cell.set("second");
        assertThat(threads.poll(10, TimeUnit.SECONDS)).startsWith(workers.threads());
        cell.close();
        workers.close();
    }

    @Test
    void aRollCallFailsOnAnotherState() {
        RollCall rollCall = new RollCall(2);
        rollCall.begin("expected");
        rollCall.answer("expected");
        rollCall.answer("other");
        assertThatThrownBy(rollCall::await).hasRootCauseMessage("not what was set");
    }

    @Test
    void aRollCallFailsOnASecondAnswer() throws Exception {
        RollCall rollCall = new RollCall(1);
        rollCall.begin("expected");
        rollCall.answer("expected");
        rollCall.await();
        rollCall.answer("expected");
        assertThatThrownBy(rollCall::await).hasRootCauseMessage("delivered twice");
    }
}
