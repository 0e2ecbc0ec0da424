package dev.eventvalues.benchmarks.etcdjava;

import com.ibm.etcd.client.EtcdClient;
import dev.eventvalues.benchmarks.etcd.EtcdPeer;
import dev.eventvalues.benchmarks.etcd.EtcdSession;
import java.util.concurrent.TimeUnit;

/**
 * etcd-java, with its defaults but for the size of a response, as it reads a range in one, and the time that a request may
 * take: of 100,000 reads at once the last are answered late.
 */
public final class EtcdJavaPeer implements EtcdPeer {
    @Override
    public String name() {
        return "ETCD_JAVA";
    }

    @Override
    public EtcdSession open(String endpoint) {
        return new EtcdJavaSession(EtcdClient.forEndpoints(endpoint)
                .withPlainText()
                .withDefaultTimeout(1, TimeUnit.MINUTES)
                .withMaxInboundMessageSize(Integer.MAX_VALUE)
                .build());
    }
}
