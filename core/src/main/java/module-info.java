/**
 * Values that producers set and consumers watch.
 *
 * <p>Start at {@link dev.eventvalues.MemoryValue}.
 */
@SuppressWarnings("module") // the etcd module is not on the path when this one is compiled
module dev.eventvalues {
    requires static transitive org.jspecify;

    exports dev.eventvalues;
    exports dev.eventvalues.internal to
            dev.eventvalues.etcd;
}
