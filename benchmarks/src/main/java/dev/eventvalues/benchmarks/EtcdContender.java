package dev.eventvalues.benchmarks;

import dev.eventvalues.benchmarks.etcd.Trials;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who takes part in the rows with etcd, in the order of tables and charts, and in which. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are not changed
enum EtcdContender implements Entrant {
    EVENT_VALUES("Event Values", "etcd-values", EnumSet.allOf(Trials.class)),
    // It keeps no state of a range, so it has no snapshot. It does not say whether it is fresh.
    JETCD("jetcd", "jetcd", EnumSet.complementOf(EnumSet.of(Trials.SNAPSHOT, Trials.CUT))),
    ETCD_JAVA("etcd-java", "etcd-java", EnumSet.complementOf(EnumSet.of(Trials.CUT))),
    STUB("floor: gRPC stub", "etcd-values", EnumSet.allOf(Trials.class)),
    ONE_RANGE("floor: one Range", "etcd-values", EnumSet.of(Trials.SNAPSHOT));

    /** Each watch of jetcd is a stream, for which the server takes 40 kB. */
    private static final int MOST_STREAMS = 10_000;

    private final String title;
    private final String module;
    private final Set<Trials> trials;

    EtcdContender(String title, String module, Set<Trials> trials) {
        this.title = title;
        this.module = module;
        this.trials = trials;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Side side() {
        return switch (this) {
            case EVENT_VALUES -> Side.OURS;
            case JETCD, ETCD_JAVA -> Side.PEER;
            case STUB, ONE_RANGE -> Side.FLOOR;
        };
    }

    @Override
    public @Nullable Entrant reference() {
        return this == STUB ? null : STUB;
    }

    boolean takesPartIn(Trials trial) {
        return trials.contains(trial);
    }

    int mostWatches(Scale scale) {
        return this == JETCD && scale != Scale.FULL ? MOST_STREAMS : Integer.MAX_VALUE;
    }

    /** The libraries of this one only: they clash with those of others. */
    String classPath() {
        return classPath(module);
    }

    static String classPath(String module) {
        Path target = Path.of(System.getProperty("eventvalues.root", "."), "benchmarks", module, "target");
        return target.resolve("peer.jar") + System.getProperty("path.separator") + target.resolve("lib") + "/*";
    }
}
