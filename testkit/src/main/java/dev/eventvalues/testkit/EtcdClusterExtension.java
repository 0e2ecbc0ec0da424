package dev.eventvalues.testkit;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives an {@link EtcdCluster} to the tests of a class, for JUnit 5.13 or newer:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);
 * }</pre>
 *
 * <p>In a static field it starts one cluster for the class, in an instance field one for each test. Tests take it from
 * {@link #cluster()} or as a parameter. After each test all faults are ended, authentication is disabled, and all keys
 * and leases are removed, so tests that run at the same time must not use the same cluster. If no cluster can be started
 * the tests fail; they are never skipped.
 */
public final class EtcdClusterExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(EtcdClusterExtension.class);
    private static final int USUAL_SIZE = 3;
    private static final Lock STARTING = new ReentrantLock();

    private final Object key;
    private final boolean shared;
    private final Supplier<EtcdCluster> start;

    /* Written by the thread that runs the callbacks. */
    private volatile @Nullable EtcdCluster cluster;

    /** Three members, for {@code @ExtendWith}. */
    public EtcdClusterExtension() {
        this(() -> EtcdCluster.start(USUAL_SIZE));
    }

    private EtcdClusterExtension(Supplier<EtcdCluster> start) {
        this.key = this;
        this.shared = false;
        this.start = start;
    }

    private EtcdClusterExtension(int sharedSize) {
        this.key = sharedSize;
        this.shared = true;
        this.start = () -> EtcdCluster.start(sharedSize);
    }

    /**
     * A cluster of its own.
     *
     * @param count how many members
     * @return an extension for a field with {@code @RegisterExtension}
     */
    public static EtcdClusterExtension members(int count) {
        return starting(EtcdCluster.builder().members(count));
    }

    /**
     * A cluster of its own, with settings.
     *
     * @param settings the settings, not to be changed afterwards
     * @return an extension for a field with {@code @RegisterExtension}
     */
    public static EtcdClusterExtension starting(EtcdClusterBuilder settings) {
        return new EtcdClusterExtension(settings::start);
    }

    /**
     * The one cluster of that size for all classes of this test run that ask for it so. It ends with the run.
     *
     * @param count how many members
     * @return an extension for a field with {@code @RegisterExtension}
     */
    public static EtcdClusterExtension shared(int count) {
        return new EtcdClusterExtension(count);
    }

    /**
     * The cluster.
     *
     * @return the cluster, all of whose members were healthy before the test
     * @throws IllegalStateException outside tests
     */
    public EtcdCluster cluster() {
        EtcdCluster started = cluster;
        if (started == null) {
            throw new IllegalStateException(
                    "no cluster yet: is the field annotated with @RegisterExtension, and is this called by a test?");
        }
        return started;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        clusterFor(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        clusterFor(context);
    }

    /* JUnit closes what lies in the store of a context, when that ends. */
    private EtcdCluster clusterFor(ExtensionContext context) {
        Store store = (shared ? context.getRoot() : context).getStore(NAMESPACE);
        STARTING.lock();
        try {
            EtcdCluster started = store.get(key, EtcdCluster.class);
            if (started == null) {
                started = start.get();
                store.put(key, started);
            }
            cluster = started;
            return started;
        } finally {
            STARTING.unlock();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        EtcdCluster used = cluster;
        if (used != null) { // it did start
            used.repair();
            used.clear();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EtcdCluster.class;
    }

    @Override
    public EtcdCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return clusterFor(context);
    }
}
