package dev.eventvalues.benchmarks.etcd.values;

import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;

/** The floor: plain stubs of grpc-java, a range read in pages. */
public final class StubPeer implements EtcdPeer {
    /** As many as Event Values reads at once. */
    private static final int PAGE = 1_000;

    @Override
    public String name() {
        return "STUB";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new StubSession(endpoint, PAGE);
    }
}
