package dev.eventvalues.benchmarks;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import kotlin.ResultKt;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.flow.FlowCollector;
import kotlinx.coroutines.flow.MutableSharedFlow;
import kotlinx.coroutines.flow.SharedFlowKt;
import kotlinx.coroutines.flow.StateFlowKt;
import org.jspecify.annotations.Nullable;

/**
 * A hot flow of kotlinx, driven through its continuations: no dispatcher, so it runs faster here than in an
 * application.
 *
 * <p>A reader is a collector suspended in its {@code emit}; {@code next} resumes it on the calling thread, which makes
 * the flow emit the newest state, now or when there is one.
 */
@SuppressWarnings("ReferenceEquality") // states are told apart by identity
final class FlowPeer implements Peer<FlowPeer.Collector> {
    private final MutableSharedFlow<Object> flow;

    private FlowPeer(MutableSharedFlow<Object> flow) {
        this.flow = flow;
    }

    static FlowPeer stateFlow() {
        return new FlowPeer(StateFlowKt.MutableStateFlow("nothing"));
    }

    static FlowPeer sharedFlow() {
        return new FlowPeer(SharedFlowKt.MutableSharedFlow(1, 0, BufferOverflow.DROP_OLDEST));
    }

    @Override
    public void set(Object state) {
        flow.tryEmit(state);
    }

    @Override
    public Collector open() {
        Collector collector = new Collector();
        flow.collect(collector, collector);
        return collector;
    }

    @Override
    public Object next(Collector reader) throws InterruptedException {
        Object first = reader.first();
        return first != null && flow.getReplayCache().get(0) == first ? first : reader.next();
    }

    @Override
    public void close(Collector reader) {
        reader.close();
    }

    /** A coroutine that does nothing but collect. */
    static final class Collector extends Slot implements FlowCollector<Object>, Continuation<Unit> {
        private static final Object CANCELLED = ResultKt.createFailure(new Cancelled());

        /** Where the coroutine is suspended while its reader is idle. Handed over through the slot. */
        private @Nullable Continuation<? super Unit> idle;

        /** Whether nothing was read since the emission that every collector starts with. */
        private boolean unread = true;

        @Override
        public Object emit(Object state, Continuation<? super Unit> resume) {
            idle = resume;
            leave(state);
            return IntrinsicsKt.getCOROUTINE_SUSPENDED();
        }

        /** The state that was emitted on opening, once; else null. It may be old by now. */
        @Nullable
        Object first() throws InterruptedException {
            if (!unread) {
                return null;
            }
            unread = false;
            return take();
        }

        Object next() throws InterruptedException {
            Continuation<? super Unit> resume = Objects.requireNonNull(idle);
            idle = null; // before resuming, which may emit on another thread at once
            resume.resumeWith(Unit.INSTANCE);
            return take();
        }

        void close() {
            Continuation<? super Unit> resume = idle;
            if (resume != null) {
                resume.resumeWith(CANCELLED);
            }
        }

        @Override
        public void resumeWith(Object result) {
            // Cancelled: nobody waits for the end.
        }

        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }
    }

    /** Without a stack trace, which would cost more than the rest of closing. */
    private static final class Cancelled extends CancellationException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
