package dev.eventvalues.benchmarks;

import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CoroutineScope;
import kotlinx.coroutines.CoroutineScopeKt;
import kotlinx.coroutines.CoroutineStart;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.flow.FlowCollector;
import kotlinx.coroutines.flow.MutableSharedFlow;
import kotlinx.coroutines.flow.SharedFlowKt;
import kotlinx.coroutines.flow.StateFlowKt;

/** A hot flow of kotlinx, each reader a launched coroutine: {@code scope.launch { flow.collect { reader(it) } }}. */
final class FlowCell implements AsyncCell {
    private final MutableSharedFlow<Object> flow;
    private final CoroutineScope scope;

    private FlowCell(MutableSharedFlow<Object> flow, Workers workers) {
        this.flow = flow;
        this.scope = CoroutineScopeKt.CoroutineScope(workers.dispatcher());
    }

    static FlowCell stateFlow(Workers workers) {
        return new FlowCell(StateFlowKt.MutableStateFlow("nothing"), workers);
    }

    static FlowCell sharedFlow(Workers workers) {
        return new FlowCell(SharedFlowKt.MutableSharedFlow(1, 0, BufferOverflow.DROP_OLDEST), workers);
    }

    @Override
    public void set(Object state) {
        flow.tryEmit(state);
    }

    @Override
    public void read(Consumer<Object> reader) {
        FlowCollector<Object> collector = (state, resume) -> {
            reader.accept(state);
            return Unit.INSTANCE; // as compiled from a block that does not suspend
        };
        BuildersKt.launch(
                scope,
                EmptyCoroutineContext.INSTANCE,
                CoroutineStart.DEFAULT,
                (self, resume) -> flow.collect(collector, resume));
    }

    @Override
    public void close() {
        CoroutineScopeKt.cancel(scope, null);
    }
}
