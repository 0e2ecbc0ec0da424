package dev.eventvalues;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** Promise 14: {@code publisher} passes the Reactive Streams TCK. */
public class PublisherTckTest extends FlowPublisherVerification<Integer> {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    public PublisherTckTest() {
        super(new TestEnvironment(500, 50));
    }

    @AfterClass
    public void stop() {
        executor.shutdownNow();
    }

    /** There is always a newer state: reading one sets the next. */
    @Override
    public Flow.Publisher<Integer> createFlowPublisher(long elements) {
        MemoryValue<Integer> value = new MemoryValue<>(0);
        return value.map(state -> {
                    value.set(state + 1);
                    return state;
                })
                .publisher(executor);
    }

    /** A publisher of a value in memory fails in no other way than the subscriber's own. */
    @Override
    public Flow.Publisher<Integer> createFailedFlowPublisher() {
        return null;
    }

    /** It never completes. */
    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }
}
