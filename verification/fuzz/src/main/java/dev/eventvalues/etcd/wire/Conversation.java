package dev.eventvalues.etcd.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Known;
import dev.eventvalues.etcd.state.Limits;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Pulse;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Tree;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.Event.EventType;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.RangeResponse;
import dev.eventvalues.etcd.wire.proto.ResponseHeader;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One feed, and a server that answers it with what the fuzzer gives; in the end an honest one. */
final class Conversation implements AutoCloseable {
    /** Of a connection that nothing proves. */
    private static final Pulse PULSE = () -> null;

    private static final Endpoint ENDPOINT = Endpoint.parse("http://127.0.0.1:1");
    private static final Limits LIMITS = new Limits(8, 4_000, 8);
    private static final String[] KEYS = {"a", "b", "b\0", "c", "l", "m", "z", ""};
    private static final long HONEST_REVISION = 1_000;
    private static final int STEPS = 200;

    /** What is logged as a defect would have been thrown in a task. */
    private static final List<String> DEFECTS = new ArrayList<>();

    private static final Logger LOG = Logger.getLogger(Clockwork.class.getPackageName());

    static {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getMessage().contains("defect")) {
                    DEFECTS.add(entry.getMessage() + ": " + entry.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    private final FuzzedDataProvider data;
    private final Span span;
    private final Clockwork clockwork = new Clockwork();
    private final Server server = new Server();
    private final LiveFeed feed;

    /** What is to be answered next. */
    private Command command = new Command.Rest(0, 1, false);

    private Consumer<Event> events = event -> {};

    /** The stream of the watch that is to be answered. */
    private @Nullable WatchStream stream;

    private @Nullable Watch watch;

    Conversation(FuzzedDataProvider data) {
        this.data = data;
        this.span = data.consumeBoolean() ? new Span(Key.of("a"), Key.of("m")) : Span.of(Key.of("b"));
        this.feed = new LiveFeed(
                span,
                new LiveFeed.Tools(
                        server,
                        clockwork,
                        LIMITS,
                        new Auditor.Schedule(0, new java.util.concurrent.atomic.LongAdder()),
                        finder -> {},
                        held -> {}));
        DEFECTS.clear();
    }

    void run() {
        feed.start();
        for (int i = 0; i < STEPS && data.remainingBytes() > 0; i++) {
            Known before = known();
            answer();
            check(before);
        }
        heal();
    }

    @Override
    public void close() {
        feed.stop();
        clockwork.close();
    }

    private Known known() {
        return feed.known();
    }

    // ---- what must be

    private void check(Known before) {
        Known now = known();
        require(DEFECTS.isEmpty(), "nothing is thrown in a task", DEFECTS);
        require(now.epoch() >= before.epoch(), "epochs only grow", now.epoch());
        require(
                now.epoch() > before.epoch() || now.revision() >= before.revision(),
                "within an epoch, revisions only grow",
                before.revision() + " and then " + now.revision());
        Tree<Item> items = now.items();
        require(items != null || before.items() == null, "what was known is not forgotten", before);
        if (items != null) {
            items.forEach((key, item) -> require(span.contains(key), "what is known is of the span", key));
            require(items.size() <= LIMITS.keys(), "no more is kept than allowed", items.size());
        }
        require(
                !(command instanceof Command.Follow) || (watch != null && stream != null && watch.runsOn(stream)),
                "a feed never falls silent: something runs that can still be answered",
                command);
    }

    private static void require(boolean condition, String sentence, Object found) {
        if (!condition) {
            throw new AssertionError(sentence + ", and found " + found);
        }
    }

    // ---- a server without sense

    private void answer() {
        long ticket = command.ticket();
        if (command instanceof Command.Rest) {
            events.accept(new Event.Rested(ticket));
        } else if (data.consumeInt(0, 15) == 0) {
            fail(ticket);
        } else if (command instanceof Command.Read) {
            RangeResponse page = page();
            events.accept(new Event.Page(
                    ticket,
                    Messages.origin(page.getHeader()),
                    Messages.items(page.getKvsList()),
                    page.getMore(),
                    data.consumeInt(0, 1)));
        } else if (command instanceof Command.Confirm) {
            events.accept(new Event.Confirmed(ticket, Messages.origin(header())));
        } else {
            server.says(response());
        }
    }

    private void fail(long ticket) {
        if (command instanceof Command.Follow) {
            server.ends(Status.fromCodeValue(data.consumeInt(0, 16)));
        } else if (data.consumeBoolean()) {
            events.accept(new Event.Compacted(ticket));
        } else {
            events.accept(new Event.Failed(ticket, new Trouble(data.pickValue(Trouble.Kind.values()), "nonsense")));
        }
    }

    private byte[] raw() {
        return data.consumeBytes(data.consumeInt(0, 100));
    }

    private RangeResponse page() {
        if (data.consumeBoolean()) {
            try {
                return RangeResponse.parseFrom(raw());
            } catch (InvalidProtocolBufferException e) {
                return RangeResponse.getDefaultInstance(); // gRPC would have ended the call
            }
        }
        RangeResponse.Builder page =
                RangeResponse.newBuilder().setHeader(header()).setMore(data.consumeBoolean());
        for (int i = data.consumeInt(0, 4); i > 0; i--) {
            page.addKvs(pair());
        }
        return page.build();
    }

    private WatchResponse response() {
        if (data.consumeBoolean()) {
            try {
                WatchResponse parsed = WatchResponse.parseFrom(raw());
                return data.consumeBoolean()
                        ? parsed
                        : parsed.toBuilder().setWatchId(number()).build();
            } catch (InvalidProtocolBufferException e) {
                return WatchResponse.getDefaultInstance();
            }
        }
        WatchResponse.Builder response = WatchResponse.newBuilder()
                .setHeader(header())
                .setWatchId(data.consumeInt(0, 7) == 0 ? data.consumeLong() : number())
                .setCreated(data.consumeInt(0, 3) == 0)
                .setFragment(data.consumeInt(0, 3) == 0);
        if (data.consumeInt(0, 7) == 0) {
            response.setCanceled(true)
                    .setCompactRevision(data.consumeInt(-1, 20))
                    .setCancelReason(data.consumeBoolean() ? "permission denied" : data.consumeString(20));
        }
        for (int i = data.consumeInt(0, 4); i > 0; i--) {
            response.addEvents(dev.eventvalues.etcd.wire.proto.Event.newBuilder()
                    .setType(data.consumeBoolean() ? EventType.PUT : EventType.DELETE)
                    .setKv(pair()));
        }
        return response.build();
    }

    private long number() {
        return watch == null ? 0 : watch.id();
    }

    private ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId(data.consumeInt(0, 2))
                .setRevision(data.consumeInt(0, 9) == 0 ? data.consumeLong() : data.consumeInt(0, 30))
                .setRaftTerm(data.consumeInt(0, 3))
                .build();
    }

    private KeyValue pair() {
        return KeyValue.newBuilder()
                .setKey(
                        data.consumeInt(0, 7) == 0
                                ? ByteString.copyFrom(data.consumeBytes(3))
                                : ByteString.copyFromUtf8(data.pickValue(KEYS)))
                .setValue(ByteString.copyFrom(data.consumeBytes(data.consumeInt(0, 3))))
                .setModRevision(data.consumeInt(0, 9) == 0 ? data.consumeLong() : data.consumeInt(0, 30))
                .setCreateRevision(data.consumeInt(0, 30))
                .setVersion(data.consumeInt(0, 3))
                .build();
    }

    // ---- an honest one, of another store

    private void heal() {
        long cluster = known().origin().clusterId() + 1;
        Origin origin = new Origin(cluster, HONEST_REVISION, 9);
        List<Map.Entry<Key, Item>> items = List.of(
                Map.entry(Key.of("b"), new Item(new byte[] {1}, HONEST_REVISION - 1, HONEST_REVISION - 1, 1, 0)));
        for (int i = 0; i < STEPS; i++) {
            Known before = known();
            long ticket = command.ticket();
            if (command instanceof Command.Rest) {
                events.accept(new Event.Rested(ticket));
            } else if (command instanceof Command.Confirm) {
                events.accept(new Event.Confirmed(ticket, origin));
            } else if (command instanceof Command.Read read) {
                boolean past = read.revision() != 0 && read.revision() != HONEST_REVISION;
                events.accept(
                        past
                                ? new Event.Compacted(ticket)
                                : new Event.Page(
                                        ticket,
                                        origin,
                                        read.from().compareTo(Key.of("b")) <= 0 ? items : List.of(),
                                        false,
                                        0));
            } else if (command instanceof Command.Follow follow) {
                WatchResponse.Builder response = WatchResponse.newBuilder()
                        .setWatchId(number())
                        .setHeader(ResponseHeader.newBuilder()
                                .setClusterId(cluster)
                                .setRevision(HONEST_REVISION)
                                .setRaftTerm(9));
                if (follow.revision() == HONEST_REVISION + 1 && known().origin().clusterId() == cluster) {
                    server.says(response.setCreated(true).build());
                    check(before);
                    requireHonest(items);
                    return;
                }
                // a stream that was begun with nonsense ends sooner or later; the next is begun with sense
                boolean fresh = i % 2 == 0;
                server.says(
                        fresh
                                ? response.setCreated(true).build()
                                : response.setCanceled(true)
                                        .setCompactRevision(1)
                                        .build());
            }
            check(before);
        }
        throw new AssertionError("with an honest server a feed comes to its senses, and did not in " + STEPS
                + " answers: " + command + ", " + known());
    }

    private void requireHonest(List<Map.Entry<Key, Item>> items) {
        Known now = known();
        List<String> found = new ArrayList<>();
        Objects.requireNonNull(now.items()).forEach((key, item) -> found.add(key + "=" + item.value()[0]));
        require(found.equals(List.of("b=1")), "what is known is what the store holds: " + items, found);
        require(now.trouble() == null, "no trouble is shown any more", now);
    }

    /** Takes the commands of the feed; and is the other end of its stream. */
    private final class Server extends Channel implements Transport {
        private ClientCall.@Nullable Listener<Object> client;

        @Override
        @SuppressWarnings("NullAway") // this watch asks nothing of a connection
        public Running start(Span asked, Command next, Consumer<Event> to) {
            command = next;
            events = to;
            if (!(next instanceof Command.Follow follow)) {
                return () -> {};
            }
            WatchStream opened = new WatchStream(ENDPOINT, clockwork, TimeUnit.HOURS.toNanos(1), new Owner());
            Watch wanted = new Watch(null, asked, follow, to);
            stream = opened;
            watch = wanted;
            opened.open(this, PULSE);
            opened.follow(wanted);
            return () -> clockwork.run(() -> {
                if (wanted.runsOn(opened)) {
                    opened.cancel(wanted);
                }
            });
        }

        void says(WatchResponse response) {
            Objects.requireNonNull(client).onMessage(response);
        }

        void ends(Status status) {
            Objects.requireNonNull(client).onClose(status, new Metadata());
        }

        @Override
        public String authority() {
            return "nobody";
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new ClientCall<>() {
                private boolean over;

                @Override
                @SuppressWarnings("unchecked")
                public void start(Listener<A> listener, Metadata headers) {
                    client = (Listener<Object>) listener;
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(@Nullable String reason, @Nullable Throwable cause) {
                    over = true;
                }

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q request) {
                    require(!over, "nothing is said on a stream that has ended", request);
                }
            };
        }
    }

    private static final class Owner implements WatchStream.Owner {
        private long revision;

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public void seen(long newer) {
            revision = Math.max(revision, newer);
        }

        @Override
        public void unproved() {}

        @Override
        public void accepted() {}

        @Override
        public Status ended(WatchStream stream, Status status) {
            return status;
        }
    }
}
