package dev.eventvalues.benchmarks.etcd;

/** A client of etcd that takes part. Found as a service, as the class path of a JVM holds one client's libraries. */
public interface EtcdPeer {
    /** {@return the name by which the program that measures knows it} */
    String name();

    /**
     * Connects.
     *
     * @param endpoint such as {@code http://127.0.0.1:2379}
     * @return to be closed
     */
    EtcdSession open(String endpoint);
}
