package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void aRowThatDoesNotExistIsRefusedBeforeAnythingIsMeasured() {
        assertThatThrownBy(() -> Bench.runs(Scale.QUICK, List.of("set", "sett")))
                .hasMessageContainingAll("[sett]", "etcd-values");
    }

    @Test
    void rowsRunInTheirOrderWhateverTheOrderOfTheirNames() {
        assertThat(Bench.runs(Scale.QUICK, List.of("etcd-values", "set", "wake")))
                .extracting(RowRun::row)
                .containsExactly("wake", "set", "etcd-values");
    }
}
