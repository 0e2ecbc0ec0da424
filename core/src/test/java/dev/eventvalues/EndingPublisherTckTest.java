package dev.eventvalues;

import dev.eventvalues.internal.Source;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** Promise 14, for a value whose backend is closed after some states: then the publisher completes. */
public class EndingPublisherTckTest extends FlowPublisherVerification<Long> {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    public EndingPublisherTckTest() {
        super(new TestEnvironment(500, 50));
    }

    @AfterClass
    public void stop() {
        executor.shutdownNow();
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        return new EndingValue(elements).publisher(executor);
    }

    /** Its backend is closed already, so nobody can watch it any more. */
    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        return new ClosedValue().publisher(executor);
    }

    private static final class ClosedValue implements Source<Long> {
        @Override
        public Watcher<Long> watch() {
            throw new IllegalStateException("the backend is closed");
        }

        @Override
        public Optional<Long> current() {
            throw new IllegalStateException("the backend is closed");
        }
    }
}
