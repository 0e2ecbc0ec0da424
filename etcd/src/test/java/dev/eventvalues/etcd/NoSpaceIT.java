package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A store that is full. */
class NoSpaceIT extends ThreeMembers {
    private static final int LARGE = 500_000;
    private static final int TOO_MANY = 20;

    /** One for each test, and not an extension's, as it will not get well. */
    private final EtcdCluster small = closedAfterwards(EtcdCluster.builder()
            .members(1)
            .flag("--quota-backend-bytes", "" + 8 * LARGE)
            .start());

    private final Member member = small.member(0);
    private final EtcdKeys keys = own(clientOf(member));

    /**
     * etcd answers "database space exceeded" also to writes that it has done: those that were on their way when the quota
     * was reached.
     */
    @Test
    void noWriteThatWasDoneCountsAsRefused() throws Exception {
        List<CompletableFuture<Long>> writes = new ArrayList<>();
        for (int i = 0; i < TOO_MANY; i++) {
            writes.add(keys.value("k" + i, Codec.bytes()).setAsync(new byte[LARGE], Runnable::run));
        }
        for (int i = 0; i < TOO_MANY; i++) {
            CompletableFuture<Long> write = writes.get(i);
            Throwable failure = catchThrowable(() -> write.get(BOUND.toNanos(), TimeUnit.NANOSECONDS));
            boolean unclear = failure != null && failure.getCause() instanceof MaybeWrittenException;
            if (failure != null) {
                assertThat(failure)
                        .cause()
                        .isInstanceOf(EtcdException.class)
                        .hasMessageContaining("database space exceeded");
            }
            assertThat(member.get(key("k" + i)).isPresent())
                    .as("what is said of write %s", i)
                    .isEqualTo(failure == null || unclear);
        }
    }

    @Test
    void aWriteIsRefusedWithEtcdsWordsAndSaidNotToBeDone() throws Exception {
        fill();
        WritableEtcdValue<String> value = keys.value("k0", Codec.utf8());
        long revision = member.entry(key("k0")).orElseThrow().modRevision();
        for (ThrowingCallable write : List.<ThrowingCallable>of(
                () -> value.set("secret"),
                () -> value.compareAndSet(revision, "secret"),
                () -> value.update(before -> Optional.of("secret")))) {
            assertThatThrownBy(write)
                    .isInstanceOf(EtcdException.class)
                    .isNotInstanceOf(MaybeWrittenException.class)
                    .hasMessageContaining("\"k0\"")
                    .hasMessageContaining("database space exceeded")
                    .hasMessageNotContaining("secret");
        }
        assertThat(member.entry(key("k0")).orElseThrow().modRevision()).isEqualTo(revision);
        assertThat(value.delete()).as("deleting makes room").isTrue();
    }

    private void fill() {
        WritableEtcdValue<byte[]> filling = keys.value("k0", Codec.bytes());
        eventually("the store is full", () -> {
            try {
                filling.set(new byte[LARGE]);
                return false;
            } catch (EtcdException e) {
                assertThat(e).hasMessageContaining("database space exceeded");
                return true;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        eventually(
                "the alarm is on",
                () -> member.call("/v3/maintenance/alarm", "{\"action\":\"GET\"}")
                        .contains("NOSPACE"));
    }
}
