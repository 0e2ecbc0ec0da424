package dev.eventvalues.benchmarks;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** The two reactive libraries, conflating, with a buffer of one in front of the executor: more would be a queue. */
final class ObservedCell {
    private ObservedCell() {}

    static AsyncCell behaviorProcessor(Workers workers) {
        BehaviorProcessor<Object> processor = BehaviorProcessor.create();
        Executor executor = workers.executor();
        CompositeDisposable readers = new CompositeDisposable();
        return new AsyncCell() {
            @Override
            public void set(Object state) {
                processor.onNext(state);
            }

            @Override
            public void read(Consumer<Object> reader) {
                readers.add(processor
                        .onBackpressureLatest()
                        .observeOn(Schedulers.from(executor), false, 1)
                        .subscribe(reader::accept));
            }

            @Override
            public void close() {
                readers.dispose();
            }
        };
    }

    static AsyncCell replayLatest(Workers workers) {
        Sinks.Many<Object> sink = Sinks.many().replay().latest();
        Scheduler scheduler = reactor.core.scheduler.Schedulers.fromExecutor(workers.executor());
        Disposable.Composite readers = Disposables.composite();
        return new AsyncCell() {
            @Override
            public void set(Object state) {
                sink.tryEmitNext(state).orThrow();
            }

            @Override
            public void read(Consumer<Object> reader) {
                readers.add(sink.asFlux()
                        .onBackpressureLatest()
                        .publishOn(scheduler, 1)
                        .subscribe(reader));
            }

            @Override
            public void close() {
                readers.dispose();
            }
        };
    }
}
