package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.benchmarks.etcd.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That every row with etcd is measured for everyone who takes part. What it measures means nothing. */
class EtcdSmokeIT {
    @Test
    void measuresAllClients() throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (RowRun run : EtcdRun.rows(Scale.SMOKE, row -> true)) {
            run.measure(new Progress(System.out, 1), figures::add);
        }
        Report report = Report.begin(Scale.SMOKE).with("", Measured.now("", Optional.empty(), 0), figures);
        for (Row row : Row.values()) {
            if (row.row.equals(Trials.WATCHERS.rowName()) && !VirtualThreads.exist()) {
                continue;
            }
            if (row.isEtcd() && row != Row.ETCD_VALUES_HEAP) { // a smoke is too small to weigh
                Trials trial =
                        Trials.valueOf(row.row.substring("etcd-".length()).toUpperCase(Locale.ROOT));
                assertThat(report.entrants(row))
                        .as(row.name())
                        .isEqualTo(Arrays.stream(EtcdContender.values())
                                .filter(contender -> contender.takesPartIn(trial))
                                // the others' ratios are to its figures
                                .filter(contender -> row != Row.ETCD_LATENCY_RATIO || contender != EtcdContender.STUB)
                                .toList());
            }
        }
    }
}
