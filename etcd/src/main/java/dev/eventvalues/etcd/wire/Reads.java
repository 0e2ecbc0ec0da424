package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.RequestOp;
import dev.eventvalues.etcd.wire.proto.ResponseOp;
import dev.eventvalues.etcd.wire.proto.TxnRequest;
import dev.eventvalues.etcd.wire.proto.TxnResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads that state machines ask for. Few are under way at a time, and those of single keys that wait together share
 * a transaction: ten thousand feeds that come back at once cost the server some dozens of requests.
 *
 * <p>Everything here runs in the serial context, which guards all fields.
 */
final class Reads {
    /** As many operations as etcd takes in a transaction, by default. */
    private static final int MAX_BATCH = 128;

    private static final int MAX_UNDER_WAY = 8;

    /**
     * Pages are meant to be far smaller. If one is larger nevertheless, it is asked for again with fewer keys, before it
     * is in memory.
     */
    private static final CallOptions OF_MANY_KEYS = CallOptions.DEFAULT.withMaxInboundMessageSize(64 << 20);

    /** One read. */
    final class Read implements Transport.Running {
        private final Span span;
        private final Command command;
        private final Consumer<Event> events;
        private boolean abandoned;

        /** Whether it has been refused in company, and is to be tried alone. */
        private boolean alone;

        private Read(Span span, Command command, Consumer<Event> events) {
            this.span = span;
            this.command = command;
            this.events = events;
        }

        @Override
        public void abandon() {
            clockwork.run(() -> abandoned = true);
        }

        private boolean isSingle() {
            // a revision that is not there would fail all that is read with it; and see etcd#18667 on such reads in
            // transactions
            return command instanceof Command.Read read && read.revision() == 0 && span.isOneKey() && !alone;
        }

        private RangeRequest request() {
            RangeRequest.Builder request = RangeRequest.newBuilder().setRangeEnd(Messages.end(span));
            return command instanceof Command.Read read
                    ? request.setKey(Messages.start(read.from()))
                            .setRevision(read.revision())
                            .setLimit(read.keys())
                            .build()
                    : request.setKey(Messages.start(span.from()))
                            .setLimit(1)
                            .setKeysOnly(true)
                            .build();
        }

        /** A page of one key must come, however large. */
        private CallOptions options() {
            return isOfMany() ? OF_MANY_KEYS : CallOptions.DEFAULT;
        }

        private void answered(long session, Origin origin, RangeResponse page) {
            events.accept(
                    command instanceof Command.Read
                            ? new Event.Page(
                                    command.ticket(),
                                    origin,
                                    Messages.items(page.getKvsList()),
                                    page.getMore(),
                                    session)
                            : new Event.Confirmed(command.ticket(), origin));
        }

        private void failed(Status status) {
            events.accept(failure(status));
        }

        private Event failure(Status status) {
            long ticket = command.ticket();
            if (Troubles.isCompacted(status)) {
                return new Event.Compacted(ticket);
            }
            if (Troubles.isAhead(status)) {
                return new Event.Ahead(ticket);
            }
            return isOfMany() && Troubles.isOversized(status)
                    ? new Event.Oversized(ticket, Troubles.of(status))
                    : new Event.Failed(ticket, Troubles.of(status));
        }

        private boolean isOfMany() {
            return command instanceof Command.Read read && read.keys() > 1;
        }
    }

    private final Connection connection;
    private final Clockwork clockwork;
    private final Deque<Read> waiting = new ArrayDeque<>();
    private int underWay;

    Reads(Connection connection, Clockwork clockwork) {
        this.connection = connection;
        this.clockwork = clockwork;
    }

    /** Reads as soon as there is a link to read on, and its turn has come. */
    Transport.Running start(Span span, Command command, Consumer<Event> events) {
        Read read = new Read(span, command, events);
        clockwork.run(() -> {
            waiting.add(read);
            // those that the running task adds come along
            clockwork.run(this::send);
        });
        return read;
    }

    /** Whether anything waits or is under way. */
    boolean isAwaited() {
        return isWaiting() || underWay > 0;
    }

    private boolean isWaiting() {
        while (!waiting.isEmpty() && waiting.element().abandoned) {
            waiting.remove();
        }
        return !waiting.isEmpty();
    }

    /** There is a link now; or there is none, and why. */
    void linkChanged(@Nullable Trouble trouble) {
        if (trouble == null) {
            send();
        } else {
            tell(trouble);
        }
    }

    private void tell(Trouble trouble) {
        List.copyOf(waiting).forEach(read -> read.events.accept(new Event.Delayed(read.command.ticket(), trouble)));
    }

    /** Sends what may be sent. */
    void send() {
        while (underWay < MAX_UNDER_WAY && isWaiting()) {
            Link link = connection.link();
            if (link == null) {
                return;
            }
            List<Read> batch = nextBatch();
            underWay++;
            if (batch.size() == 1) {
                sendOne(link, batch.get(0));
            } else {
                sendAll(link, batch);
            }
        }
    }

    private List<Read> nextBatch() {
        List<Read> batch = new ArrayList<>();
        do {
            batch.add(waiting.remove());
        } while (batch.get(0).isSingle()
                && batch.size() < MAX_BATCH
                && isWaiting()
                && waiting.element().isSingle());
        return batch;
    }

    private void sendOne(Link link, Read read) {
        long session = link.session();
        connection.send(
                link,
                KVGrpc.getRangeMethod(),
                read.request(),
                read.options(),
                page -> arrived(() -> read.answered(session, Messages.origin(page.getHeader()), page)),
                status -> arrived(() -> read.failed(status)));
    }

    private void sendAll(Link link, List<Read> batch) {
        long session = link.session();
        TxnRequest.Builder transaction = TxnRequest.newBuilder();
        batch.forEach(read -> transaction.addSuccess(RequestOp.newBuilder().setRequestRange(read.request())));
        connection.send(
                link,
                KVGrpc.getTxnMethod(),
                transaction.build(),
                answer -> arrived(() -> answered(session, batch, answer)),
                status -> arrived(() -> failed(batch, status)));
    }

    private void arrived(Runnable outcome) {
        clockwork.run(() -> {
            underWay--;
            outcome.run();
            send();
        });
    }

    private static void answered(long session, List<Read> batch, TxnResponse answer) {
        long answers = answer.getResponsesList().stream()
                .filter(ResponseOp::hasResponseRange)
                .count();
        if (answers != batch.size()) {
            Status nonsense = Status.INTERNAL.withDescription(
                    "etcd has answered " + answers + " of " + batch.size() + " reads that were asked for together");
            batch.forEach(read -> read.failed(nonsense));
            return;
        }
        Origin origin = Messages.origin(answer.getHeader()); // one for all, who keep it
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answered(session, origin, answer.getResponses(i).getResponseRange());
        }
    }

    private void failed(List<Read> batch, Status status) {
        if (Troubles.isRefusal(status)) {
            // one of them was refused, and etcd does not say which
            batch.forEach(read -> read.alone = true);
            batch.forEach(waiting::add);
        } else {
            batch.forEach(read -> read.failed(status));
        }
    }
}
