package dev.eventvalues.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.benchmarks.etcd.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** That every row with etcd is measured for everyone who takes part. What it measures means nothing. */
class EtcdSmokeIT {
    @Test
    void measuresAllClients() throws Exception {
        List<Figure> figures = new ArrayList<>();
        new EtcdRun(Scale.SMOKE, row -> true, figures::add).run();
        Report report = new Report("2026-01-01", "a JDK", "a machine", Scale.SMOKE, figures);
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
                                .toList());
            }
        }
    }
}
