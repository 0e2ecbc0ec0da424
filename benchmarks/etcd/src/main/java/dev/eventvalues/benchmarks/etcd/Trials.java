package dev.eventvalues.benchmarks.etcd;

import java.util.Locale;

/** All rows with etcd. */
@SuppressWarnings("ImmutableEnumChecker") // trials have no fields
public enum Trials {
    LATENCY(new PutToNext()),
    VALUES(new ManyValues()),
    WATCHERS(new WatchersOfOneKey()),
    SNAPSHOT(new FirstSnapshot()),
    CHANGE(new OneChange()),
    PUTS(new PipelinedPuts()),
    CUT(new CutConnection());

    private final Trial trial;

    Trials(Trial trial) {
        this.trial = trial;
    }

    Trial trial() {
        return trial;
    }

    /** {@return the name of the row, as it is asked for and kept} */
    public String rowName() {
        return "etcd-" + name().toLowerCase(Locale.ROOT);
    }
}
