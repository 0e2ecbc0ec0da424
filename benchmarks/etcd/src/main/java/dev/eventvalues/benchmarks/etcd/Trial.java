package dev.eventvalues.benchmarks.etcd;

/** One row, measured in this JVM for one client. */
interface Trial {
    void run(Peer peer, Extent extent, Referee referee) throws Exception;

    /** The client and where its server is. */
    interface Peer {
        EtcdSession open();
    }
}
