package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.WatchCancelRequest;
import dev.eventvalues.etcd.wire.proto.WatchCreateRequest;
import dev.eventvalues.etcd.wire.proto.WatchGrpc;
import dev.eventvalues.etcd.wire.proto.WatchRequest;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many watches on one gRPC stream. It ends once, with all of its watches, for whatever reason; then a new one is opened.
 *
 * <p>Everything here runs in the connection's serial {@code context}, which guards all fields.
 */
final class WatchStream implements Watch.Place {
    /** Makes a member that is cut off from the quorum end the stream, instead of staying silent for ever. */
    private static final Metadata REQUIRE_LEADER = new Metadata();

    static {
        REQUIRE_LEADER.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    }

    /** A watch that was asked for, from a revision on. */
    private record Asked(Watch watch, long from) {}

    /** A watch of which only a proof that was sent since then proves anything. */
    private record Unproved(long since, Watch watch) {}

    /** Who has opened the stream. Called in the serial context. */
    interface Owner {
        /** The newest revision that the server is known to have. */
        long revision();

        /** The server has this revision. */
        void seen(long revision);

        /** A watch may have nothing that proves it yet: a proof is wanted soon. */
        void unproved();

        /** The server has accepted a watch, or refused it: it may be asked for another. */
        void accepted();

        /** The stream has ended; its watches are told next. Returns the status, with the endpoint named. */
        Status ended(WatchStream stream, Status status);
    }

    private final Endpoint endpoint;
    private final Clockwork clockwork;
    private final long acceptNanos;
    private final Owner owner;
    private final Watches watches = new Watches();

    /** Those that were accepted, or told the last fragment of a revision, since the last proof was sent; in this order. */
    @SuppressWarnings("JdkObsolete") // leaves nothing behind, unlike an array
    private final Deque<Unproved> unproved = new LinkedList<>();

    /** Those that were accepted, and may have had to catch up since the last proof was sent; in this order. */
    @SuppressWarnings("JdkObsolete") // leaves nothing behind, unlike an array
    private final Deque<Unproved> catchingUp = new LinkedList<>();

    /** The watches that have told a part of a revision. */
    private final Set<Watch> inPieces = new HashSet<>();

    private Pulse pulse = () -> null;
    private @Nullable ClientCallStreamObserver<WatchRequest> requests;

    /** The watches that the server has still to accept; it does so in order. */
    private final Deque<Asked> unaccepted = new ArrayDeque<>();

    private long accepted;
    private boolean checking;
    private boolean retired;
    private boolean ended;

    /**
     * Creates a stream that is not open yet.
     *
     * @param endpoint for messages
     * @param clockwork serializes and times
     * @param acceptNanos after so long without accepting any watch that was asked for, the member counts as dead
     * @param owner told what happens
     */
    WatchStream(Endpoint endpoint, Clockwork clockwork, long acceptNanos, Owner owner) {
        this.endpoint = endpoint;
        this.clockwork = clockwork;
        this.acceptNanos = acceptNanos;
        this.owner = owner;
    }

    /**
     * Opens it.
     *
     * @param channel to which member
     * @param connection proves the channel
     */
    void open(Channel channel, Pulse connection) {
        pulse = connection;
        WatchGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(REQUIRE_LEADER))
                .watch(new Responses());
    }

    /** How many watches run on it. */
    int size() {
        return watches.size();
    }

    /** Whether it takes no more watches, as it has been denied one: perhaps the token it was opened with is void. */
    boolean isRetired() {
        return retired;
    }

    void doubted(Trouble trouble) {
        tellAll(watch -> new Event.Doubted(watch.ticket(), trouble));
    }

    /** The connection has been proved, after it was overdue or not. */
    void proved(Proof proof, boolean wasOverdue) {
        if (wasOverdue) {
            tellAll(watch -> new Event.Proved(watch.ticket()));
        }
        tellProved(unproved, proof);
        tellProved(catchingUp, proof);
    }

    private void tellProved(Deque<Unproved> waiting, Proof proof) {
        while (!waiting.isEmpty() && waiting.element().since() - proof.nanoTime() <= 0) {
            Watch watch = waiting.remove().watch();
            if (watch.runsOn(this)) {
                watch.tell(new Event.Proved(watch.ticket()));
            }
        }
    }

    private void tellAll(Function<Watch, Event> event) {
        watches.all().forEach(watch -> watch.tell(event.apply(watch)));
    }

    void follow(Watch watch) {
        long id = watches.next();
        Watch.Order order = watch.startsOn(this, id);
        watches.add(watch);
        // if the store is ahead it would have to be asked for a second time, and what is not accepted at once is served
        // late
        long from = owner.revision() < order.command().revision()
                ? order.command().revision()
                : order.command().early();
        unaccepted.add(new Asked(watch, from));
        send(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setWatchId(id)
                        .setKey(Messages.start(order.span().from()))
                        .setRangeEnd(Messages.end(order.span()))
                        .setStartRevision(from)
                        .setProgressNotify(true)
                        .setFragment(true)));
        checkAccepted();
    }

    /** How many watches the server has still to accept. */
    int unaccepted() {
        return unaccepted.size();
    }

    boolean isLessBusyThan(WatchStream other) {
        return unaccepted() != other.unaccepted() ? unaccepted() < other.unaccepted() : size() < other.size();
    }

    /** Ends a watch that runs here. */
    void cancel(Watch watch) {
        // a watch that the server has not accepted yet is cancelled all the same: requests are served in order
        remove(watch);
        send(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(watch.id())));
        endIfUseless();
    }

    private void remove(Watch watch) {
        watches.remove(watch);
        inPieces.remove(watch);
        watch.ended();
    }

    private void send(WatchRequest.Builder request) {
        if (requests != null && !ended) {
            requests.onNext(request.build());
        }
    }

    private void endIfUseless() {
        if (retired && watches.size() == 0) {
            end(Status.CANCELLED.withDescription("not used any more"));
        }
    }

    /** Ends the stream from our side. */
    void end(Status reason) {
        if (!ended && requests != null) {
            requests.cancel("ended by the client", reason.asException());
        }
        ended(reason);
    }

    private void ended(Status status) {
        if (ended) {
            return;
        }
        ended = true;
        Trouble trouble = Troubles.of(owner.ended(this, status));
        List<Watch> orphans = watches.all();
        orphans.forEach(this::remove);
        orphans.forEach(watch -> watch.lost(trouble, orphans.size()));
    }

    /** One timer a stream, however many watches are opened at once. */
    private void checkAccepted() {
        if (checking || ended || unaccepted.isEmpty()) {
            return;
        }
        checking = true;
        long before = accepted;
        clockwork.after(acceptNanos, () -> {
            checking = false;
            if (!unaccepted.isEmpty() && accepted == before) {
                end(Status.DEADLINE_EXCEEDED.withDescription("no watch was accepted within "
                        + TimeUnit.NANOSECONDS.toMillis(acceptNanos) + " ms, " + unaccepted.size() + " are waiting"));
            }
            checkAccepted();
        });
    }

    private void received(WatchResponse response) {
        long id = response.getWatchId();
        Watch watch = watches.get(id);
        Asked oldest = null;
        owner.seen(response.getHeader().getRevision());
        if (response.getCreated() || id < 0) {
            accepted++;
            oldest = unaccepted.poll();
            if (id < 0 && oldest != null && oldest.watch().runsOn(this)) {
                watch = oldest.watch(); // refused before it got its number
            }
        }
        if (watch != null) { // else it is one that we have cancelled
            received(response, watch, oldest == null ? 0 : oldest.from());
        }
        if (response.getCanceled()) {
            endIfUseless();
        }
        if (response.getCreated() || id < 0) {
            owner.accepted();
        }
    }

    private void received(WatchResponse response, Watch watch, long from) {
        watch.tell(event(watch, response, from));
        if (response.getCanceled()) {
            remove(watch);
        } else if (response.getFragment()) {
            inPieces.add(watch);
        } else if (inPieces.remove(watch) || response.getCreated()) {
            unproved(watch);
        }
    }

    private void unproved(Watch watch) {
        clockwork.run(
                () -> { // behind the step that the event takes
                    long now = System.nanoTime();
                    unproved.add(new Unproved(now, watch));
                    catchingUp.add(new Unproved(now + Follower.CATCH_UP_NANOS, watch));
                });
        owner.unproved();
    }

    /** What a response says; {@code from} counts if it accepts a watch. */
    private Event event(Watch watch, WatchResponse response, long from) {
        long ticket = watch.ticket();
        if (response.getCanceled()) {
            if (response.getCompactRevision() > 0) {
                return new Event.Compacted(ticket);
            }
            Trouble trouble = Troubles.ofCancelledWatch(endpoint, response.getCancelReason());
            retired |= trouble.kind() == Trouble.Kind.ACCESS_DENIED;
            return new Event.Failed(ticket, trouble);
        }
        if (response.getCreated()) {
            return new Event.Opened(ticket, Messages.origin(response.getHeader()), from, pulse, watch.session());
        }
        return response.getEventsCount() > 0 || response.getFragment()
                ? new Event.Updated(ticket, Messages.changes(response.getEventsList()), response.getFragment())
                : new Event.Progressed(ticket, response.getHeader().getRevision());
    }

    private final class Responses implements ClientResponseObserver<WatchRequest, WatchResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(WatchResponse response) {
            clockwork.run(() -> received(response));
        }

        @Override
        public void onError(Throwable failure) {
            clockwork.run(() -> ended(Status.fromThrowable(failure)));
        }

        @Override
        public void onCompleted() {
            clockwork.run(() -> ended(Status.UNAVAILABLE.withDescription("the member ended the stream")));
        }
    }
}
