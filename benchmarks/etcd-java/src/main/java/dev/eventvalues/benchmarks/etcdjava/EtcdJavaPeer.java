package dev.eventvalues.benchmarks.etcdjava;

import com.ibm.etcd.client.EtcdClient;
import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;

/** etcd-java, with its defaults but for the size of a response: it reads a range in one. */
public final class EtcdJavaPeer implements EtcdPeer {
    @Override
    public String name() {
        return "ETCD_JAVA";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new EtcdJavaSession(EtcdClient.forEndpoints(endpoint)
                .withPlainText()
                .withMaxInboundMessageSize(Integer.MAX_VALUE)
                .build());
    }
}
