package dev.eventvalues;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** {@code next} is right on a virtual thread: it parks the thread, not its carrier. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    @Test
    void aSetWakesTenThousandOfThem() throws Exception {
        MemoryValue<String> value = new MemoryValue<>();
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<String>> awaiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            awaiting.add(threads.submit(() -> value.await()));
        }
        Future<String> setting = threads.submit(() -> {
            value.set("a"); // has its turn only if those who wait hold no carrier
            return "set";
        });
        assertThat(setting.get(Eventually.BOUND.toNanos(), TimeUnit.NANOSECONDS))
                .isEqualTo("set");
        for (Future<String> one : awaiting) {
            assertThat(one.get(Eventually.BOUND.toNanos(), TimeUnit.NANOSECONDS))
                    .isEqualTo("a");
        }
        threads.shutdown();
    }
}
