package dev.eventvalues.benchmarks.etcd.values;

import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;

/** The floor, when a range is read in one response however large. */
public final class OneRangePeer implements EtcdPeer {
    @Override
    public String name() {
        return "ONE_RANGE";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new StubSession(endpoint, false);
    }
}
