package dev.eventvalues.benchmarks.jetcd;

import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import io.etcd.jetcd.Client;

/** jetcd, with its defaults. */
public final class JetcdPeer implements EtcdPeer {
    @Override
    public String name() {
        return "JETCD";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new JetcdSession(Client.builder().endpoints(endpoint).build());
    }
}
