package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
    @Test
    void whatTakesTooLongIsEndedAndTold() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TimeLimit limit = new TimeLimit(0, ended::countDown)) {
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(limit.unfinished("etcd-java: etcd-values 100,000", "exit code 137"))
                    .hasMessage("etcd-java: etcd-values 100,000: not finished within 0 s");
        }
    }

    @Test
    void whatFailsInTimeSaysWhy() {
        try (TimeLimit limit = new TimeLimit(60, () -> {})) {
            assertThat(limit.unfinished("jetcd: etcd-puts", "exit code 1")).hasMessage("jetcd: etcd-puts: exit code 1");
        }
    }
}
