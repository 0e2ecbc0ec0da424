package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Follower;
import dev.eventvalues.etcd.state.Lineage;
import dev.eventvalues.etcd.state.Proof;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Standing;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection to one endpoint: its channel, which any thread may use, and the streams of watches that run on it. */
final class Link implements Pulse {
    /** A stream that ends takes its watches with it, so very many are spread over several. */
    private static final int WATCHES_ON_A_STREAM = 10_000;

    private static final int MAX_STREAMS = 8;

    /**
     * How many watches the server may have still to accept. More would not be accepted sooner, but reads and probes
     * would wait behind them.
     */
    private static final int MAX_UNACCEPTED = 256;

    /** Many watches that are accepted at about the same time share a probe. */
    private static final long PROBE_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * A read that every member can answer, if it belongs to the quorum: of one key that is unlikely to exist. Whether
     * the user may read it does not matter, as etcd finds that out after the quorum has answered.
     */
    private static final RangeRequest PROBE = RangeRequest.newBuilder()
            .setKey(Messages.ZERO)
            .setLimit(1)
            .setKeysOnly(true)
            .build();

    /**
     * How long things may take, in nanoseconds.
     *
     * @param overtaken how much later than the answer to a read the events may come that the server had for us before it: it
     *     sends them on the same connection, but nothing orders the two
     */
    record Times(long request, long probe, long firstProbe, long stale, long overtaken) {}

    private final int index;
    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final Clockwork clockwork;
    private final Times times;
    private final Ancestry ancestry;
    private final StreamEnd onStreamEnd;

    /** Told when a stream has ended that nobody ended on purpose. */
    interface StreamEnd {
        void streamEnded(Link link, Status status);
    }

    /** The open streams. Guarded by the serial context, as all that follows. */
    private final List<WatchStream> streams = new ArrayList<>();

    /** Those that the server has not been asked for yet. */
    @SuppressWarnings("JdkObsolete") // leaves nothing behind, unlike an array
    private final Deque<Watch> wanted = new LinkedList<>();

    /** The newest that the server has told of. */
    private long revision;

    private long session;

    private boolean overdue;
    private boolean overdueTimer;
    private boolean probeSoon;
    private boolean closed;

    /** Written in the serial context. */
    private volatile @Nullable Proof last;

    /** Of what {@link #last} proves. Guarded by the serial context. */
    private @Nullable Standing standing;

    Link(
            int index,
            Endpoint endpoint,
            ManagedChannel channel,
            Clockwork clockwork,
            Times times,
            Ancestry ancestry,
            StreamEnd onStreamEnd) {
        this.index = index;
        this.endpoint = endpoint;
        this.channel = channel;
        this.clockwork = clockwork;
        this.times = times;
        this.ancestry = ancestry;
        this.onStreamEnd = onStreamEnd;
    }

    /** The endpoint's place in the settings. */
    int index() {
        return index;
    }

    @Override
    public @Nullable Proof last() {
        return last;
    }

    /** It has been found usable, for the first time or once more. */
    void used(long newSession) {
        session = newSession;
    }

    /** See {@link dev.eventvalues.etcd.state.Event.Page}. */
    long session() {
        return session;
    }

    // ---- requests

    /** Starts a request, on the calling thread. */
    <Q, A> void call(MethodDescriptor<Q, A> method, Q request, CallOptions options, StreamObserver<A> answer) {
        call(method, request, options, answer, times.request);
    }

    private <Q, A> void call(
            MethodDescriptor<Q, A> method, Q request, CallOptions options, StreamObserver<A> answer, long nanos) {
        start(() -> ClientCalls.asyncUnaryCall(
                channel.newCall(method, options.withDeadlineAfter(nanos, TimeUnit.NANOSECONDS)), request, answer));
    }

    /**
     * Starts a call that outlives the calling code. Whoever happens to bring the task may be serving a gRPC call of its
     * own; its context must not end ours.
     */
    private void start(Runnable call) {
        channel.resetConnectBackoff(); // the pace of attempts is ours, not the channel's
        Context.ROOT.run(call);
    }

    /** What went wrong here, with the endpoint in the description. */
    Status named(Status status) {
        String text = status.getDescription();
        return status.withDescription(endpoint + (text == null ? "" : ": " + text));
    }

    // ---- proofs

    /** Reads a little, linearizably. One of the outcomes is called, in the serial context. */
    void probe(Runnable onProof, Consumer<Status> onFailure) {
        long nanoTime = System.nanoTime();
        Instant now = Instant.now();
        Lineage asked = ancestry.lineage();
        StreamObserver<RangeResponse> answer = new StreamObserver<>() {
            @Override
            public void onNext(RangeResponse response) {
                Proof proof = new Proof(nanoTime, now, response.getHeader().getRaftTerm());
                clockwork.after(times.overtaken, () -> proved(proof));
                clockwork.run(() -> {
                    if (response.hasHeader()) {
                        revision = Math.max(revision, response.getHeader().getRevision());
                        ancestry.answered(asked, Messages.origin(response.getHeader()));
                    }
                    onProof.run();
                });
            }

            @Override
            public void onError(Throwable failure) {
                Status status = named(Status.fromThrowable(failure));
                if (Troubles.isAnsweredByQuorum(status)) {
                    onNext(RangeResponse.getDefaultInstance());
                } else {
                    clockwork.run(() -> onFailure.accept(status));
                }
            }

            @Override
            public void onCompleted() {}
        };
        call(
                KVGrpc.getRangeMethod(),
                PROBE,
                CallOptions.DEFAULT,
                answer,
                last == null ? times.firstProbe : times.probe);
    }

    @Override
    public @Nullable Standing standing() {
        return standing;
    }

    private void proved(Proof proof) {
        Proof before = last;
        if (before != null && proof.nanoTime() - before.nanoTime() <= 0) {
            return; // two were under way, and the later is back already
        }
        last = proof;
        standing = Standing.since(proof, this);
        boolean wasOverdue = overdue;
        overdue = false;
        streams.forEach(stream -> stream.proved(proof, wasOverdue));
        awaitOverdue();
    }

    /** One timer, however many proofs come. */
    private void awaitOverdue() {
        Proof newest = last;
        if (overdueTimer || overdue || closed || newest == null) {
            return;
        }
        overdueTimer = true;
        clockwork.after(Math.max(1, newest.nanoTime() + times.stale + 1 - System.nanoTime()), () -> {
            overdueTimer = false;
            if (newest.equals(last) && !closed) {
                overdue = true;
                Status silence = Status.UNAVAILABLE.withDescription(
                        "no linearizable read has succeeded for " + TimeUnit.NANOSECONDS.toMillis(times.stale) + " ms");
                streams.forEach(stream -> stream.doubted(Troubles.of(named(silence))));
            }
            awaitOverdue();
        });
    }

    /**
     * What a watch tells in pieces, or catches up with, is proved by a read that began after it had told it. Those that
     * do so at about the same time share one.
     */
    private void probeSoon() {
        if (!probeSoon) {
            probeSoon = true;
            probeAfter(PROBE_DELAY_NANOS, () -> probeSoon = false);
            probeAfter(Follower.CATCH_UP_NANOS + 2 * PROBE_DELAY_NANOS, () -> {});
        }
    }

    private void probeAfter(long nanos, Runnable first) {
        clockwork.after(nanos, () -> {
            first.run();
            if (!closed) {
                probe(() -> {}, status -> {});
            }
        });
    }

    // ---- watches

    /** Starts a watch when its turn comes. In the serial context. */
    void follow(Watch watch) {
        wanted.add(watch);
        ask();
    }

    private void ask() {
        while (!wanted.isEmpty() && unaccepted() < MAX_UNACCEPTED) {
            Watch watch = wanted.remove();
            if (!watch.hasLeft()) {
                stream().follow(watch);
            }
        }
    }

    // loops, not java.util.stream, in what is done for each watch: a hundred thousand may come at once

    private int unaccepted() {
        int sum = 0;
        for (WatchStream stream : streams) {
            if (!stream.isRetired()) { // that may answer nothing more
                sum += stream.unaccepted();
            }
        }
        return sum;
    }

    /**
     * Those that the server has not been asked for are lost like those that ran: by the time that there is a link again,
     * the revision they were to start from may be long past.
     */
    private void loseWanted(Status status) {
        List<Watch> lost = wanted.stream().filter(watch -> !watch.hasLeft()).toList();
        wanted.clear();
        Trouble trouble = Troubles.of(status);
        lost.forEach(watch -> watch.lost(trouble, lost.size()));
    }

    /** How many watches run, or are to run. */
    int watches() {
        return wanted.size() + streams.stream().mapToInt(WatchStream::size).sum();
    }

    /** The one that has the least to do, of no more than are needed, as each costs the server something. */
    private WatchStream stream() {
        WatchStream best = null;
        int usable = 0;
        int watches = wanted.size();
        for (WatchStream stream : streams) {
            if (!stream.isRetired()) {
                usable++;
                watches += stream.size();
                best = best == null || stream.isLessBusyThan(best) ? stream : best;
            }
        }
        // those that are needed at once: it serves them side by side
        if (best != null && usable >= Math.min(MAX_STREAMS, watches / WATCHES_ON_A_STREAM + 1)) {
            return best;
        }
        WatchStream opened = new WatchStream(endpoint, clockwork, times.request, new Upkeep());
        start(() -> opened.open(channel, this));
        streams.add(opened);
        return opened;
    }

    /** What a stream tells its link. */
    private final class Upkeep implements WatchStream.Owner {
        @Override
        public long revision() {
            return revision;
        }

        @Override
        public void seen(long newer) {
            revision = Math.max(revision, newer);
        }

        @Override
        public void unproved() {
            probeSoon();
        }

        @Override
        public void accepted() {
            ask();
        }

        @Override
        public Status ended(WatchStream stream, Status status) {
            streams.remove(stream);
            Status named = named(status);
            boolean onPurpose = stream.isRetired() && stream.size() == 0;
            if (onPurpose) {
                ask(); // what it had not accepted does not count any more
            } else if (!closed) {
                onStreamEnd.streamEnded(Link.this, named);
                loseWanted(named);
            }
            return named;
        }
    }

    /** Ends the streams. The channel goes on for a while: somebody may be about to send a request. */
    void retire(Status reason) {
        endStreams(reason);
        clockwork.after(times.request, channel::shutdown);
    }

    /** Ends everything, at once; requests that run fail. */
    void close() {
        endStreams(Status.CANCELLED.withDescription("closed"));
        channel.shutdownNow();
    }

    private void endStreams(Status reason) {
        closed = true;
        loseWanted(named(reason));
        List.copyOf(streams).forEach(stream -> stream.end(reason));
    }

    /** Whether all that {@link #close} ends has ended. */
    boolean hasEnded() {
        return channel.isTerminated();
    }
}
