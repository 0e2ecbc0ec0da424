package dev.eventvalues.benchmarks.etcd.values;

import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;

/** The floor: plain stubs of grpc-java, a range read in pages. */
public final class StubPeer implements EtcdPeer {
    @Override
    public String name() {
        return "STUB";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new StubSession(endpoint, true);
    }
}
