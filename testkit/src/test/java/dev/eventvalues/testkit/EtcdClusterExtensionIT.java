package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class EtcdClusterExtensionIT {
    @Test
    void aClusterOutsideATestIsAnErrorThatSaysWhatIsMissing() {
        assertThatThrownBy(() -> EtcdClusterExtension.members(1).cluster())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension");
    }

    /** The second test finds nothing of what the first has done. */
    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class AfterATest {
        @RegisterExtension
        static final EtcdClusterExtension etcd = EtcdClusterExtension.shared(3);

        @Test
        @Order(1)
        void faultsAndKeysAreLeft() {
            EtcdCluster cluster = etcd.cluster();
            cluster.put("key", "value");
            cluster.member(0).kill();
            cluster.member(1).pause();
            cluster.isolate(cluster.member(2));
            cluster.blackHoleClients();
            cluster.refuseClients();
        }

        @Test
        @Order(2)
        void theyAreGone() {
            EtcdCluster cluster = etcd.cluster();
            assertThat(cluster.members()).allMatch(Member::isRunning).noneMatch(Member::isPaused);
            assertThat(cluster.getPrefix("")).isEmpty();
            assertThat(cluster.members()).allMatch(Member::isHealthy);
            for (String endpoint : cluster.endpoints()) {
                assertThat(new Gateway(endpoint).get("/version", Duration.ofSeconds(10)))
                        .contains("etcdserver");
            }
        }
    }

    @Nested
    class OfTheSameSize {
        @RegisterExtension
        static final EtcdClusterExtension one = EtcdClusterExtension.shared(3);

        @RegisterExtension
        static final EtcdClusterExtension other = EtcdClusterExtension.shared(3);

        @Test
        void sharedClustersAreTheSame() {
            assertThat(one.cluster()).isSameAs(other.cluster());
        }
    }

    @Nested
    class InAnInstanceField {
        @RegisterExtension
        final EtcdClusterExtension own = EtcdClusterExtension.members(1);

        @Test
        void theClusterIsTheTests(EtcdCluster cluster) {
            assertThat(cluster).isSameAs(own.cluster());
            assertThat(cluster.members()).hasSize(1);
        }
    }

    @Nested
    @ExtendWith(EtcdClusterExtension.class)
    class WithoutAField {
        @Test
        void theClusterIsAParameter(EtcdCluster cluster) {
            assertThat(cluster.members()).hasSize(3);
        }
    }
}
