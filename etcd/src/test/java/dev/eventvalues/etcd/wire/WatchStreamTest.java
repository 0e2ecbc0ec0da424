package dev.eventvalues.etcd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Command;
import dev.eventvalues.etcd.state.Event;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Span;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.KeyValue;
import dev.eventvalues.etcd.wire.proto.ResponseHeader;
import dev.eventvalues.etcd.wire.proto.WatchCreateRequest;
import dev.eventvalues.etcd.wire.proto.WatchRequest;
import dev.eventvalues.etcd.wire.proto.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is said to a server, and what is made of its answers. The server is this test. */
class WatchStreamTest {
    private static final Span SPAN = new Span(Key.of("a"), Key.of("m"));

    private final Clockwork clockwork = new Clockwork();
    private final Server server = new Server();
    private final List<String> told = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    /** The newest revision of the server that its client knows of. */
    private long revision;

    private final WatchStream stream = new WatchStream(
            Endpoint.parse("http://127.0.0.1:1"), clockwork, TimeUnit.MINUTES.toNanos(1), new WatchStream.Owner() {
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
                    told.add("unproved");
                }

                @Override
                public void accepted() {
                    told.add("accepted");
                }

                @Override
                public Status ended(WatchStream ended, Status status) {
                    told.add("ended " + status.getCode());
                    return status;
                }
            });

    /** One end of a stream. */
    private static final class Server extends Channel {
        private AnsweredCall<?, ?> call;

        @Override
        public String authority() {
            return "test";
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            AnsweredCall<Q, A> made = new AnsweredCall<>();
            call = made;
            return made;
        }

        WatchRequest request(int index) {
            return (WatchRequest) call.requests.get(index);
        }

        void says(WatchResponse.Builder response) {
            call.says(response.build());
        }
    }

    WatchStreamTest() {
        clockwork.run(() -> stream.open(server, () -> null));
    }

    @AfterEach
    void stop() {
        clockwork.close();
    }

    private Watch follow(long ticket, long revision) {
        Watch watch = new Watch(null, SPAN, new Command.Follow(ticket, revision, revision - 1), events::add);
        clockwork.run(() -> stream.follow(watch));
        return watch;
    }

    private static WatchResponse.Builder of(long id) {
        return WatchResponse.newBuilder()
                .setWatchId(id)
                .setHeader(ResponseHeader.newBuilder()
                        .setClusterId(7)
                        .setRevision(20)
                        .setRaftTerm(3));
    }

    private void accept(Watch watch) {
        server.says(of(watch.id()).setCreated(true));
    }

    private static dev.eventvalues.etcd.wire.proto.Event put(String key, String value, long revision) {
        return dev.eventvalues.etcd.wire.proto.Event.newBuilder()
                .setKv(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setModRevision(revision))
                .build();
    }

    private static dev.eventvalues.etcd.wire.proto.Event delete(String key, long revision) {
        return put(key, "", revision).toBuilder()
                .setType(dev.eventvalues.etcd.wire.proto.Event.EventType.DELETE)
                .build();
    }

    @Nested
    class WhatIsAskedFor {
        /** Else a member that is cut off from the quorum leaves it open, silent, for ever. */
        @Test
        void isAStreamThatEndsWithoutALeader() {
            assertThat(server.call.headers.get(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("true");
        }

        /** A response that is too large to be sent would be the end of every watch of the stream. */
        @Test
        void isAWatchInFragmentsWithProgressFromTheRevisionThatIsWanted() {
            Watch watch = follow(1, 11);
            WatchCreateRequest request = server.request(0).getCreateRequest();
            assertThat(request.getKey()).isEqualTo(ByteString.copyFromUtf8("a"));
            assertThat(request.getRangeEnd()).isEqualTo(ByteString.copyFromUtf8("m"));
            assertThat(request.getStartRevision()).isEqualTo(11);
            assertThat(request.getFragment()).isTrue();
            assertThat(request.getProgressNotify()).isTrue();
            assertThat(request.getWatchId()).isEqualTo(watch.id());
        }

        /** A watch that would have to be asked for again for that is asked for once. */
        @Test
        void isTheEarlierRevisionIfAnyResponseHasToldThatTheStoreIsAhead() {
            Watch first = follow(1, 11);
            accept(first);
            Watch second = follow(2, 20);
            accept(second);
            follow(3, 21);

            assertThat(server.request(1).getCreateRequest().getStartRevision()).isEqualTo(19);
            assertThat(server.request(2).getCreateRequest().getStartRevision()).isEqualTo(21);
            assertThat(events)
                    .extracting(event -> ((Event.Opened) event).from())
                    .containsExactly(11L, 19L);
        }

        @Test
        void isTheEndOfAWatchThatIsNotWantedAnyMore() {
            Watch watch = follow(1, 11);
            accept(watch);
            clockwork.run(() -> stream.cancel(watch));
            assertThat(server.request(1).getCancelRequest().getWatchId()).isEqualTo(watch.id());
            assertThat(stream.size()).isZero();
        }
    }

    @Nested
    class AnAnswer {
        @Test
        void thatAcceptsAWatchSaysWhoAnswers() {
            Watch watch = follow(5, 11);
            accept(watch);
            assertThat(events).singleElement().isInstanceOfSatisfying(Event.Opened.class, opened -> {
                assertThat(opened.ticket()).isEqualTo(5);
                assertThat(opened.origin()).isEqualTo(new Origin(7, 20, 3));
            });
            assertThat(told).contains("accepted", "unproved");
        }

        @Test
        void tellsEmptyFromDeleted() {
            Watch watch = follow(5, 11);
            server.says(of(watch.id()).addEvents(put("a", "", 12)).addEvents(delete("b", 12)));
            List<Change> changes = ((Event.Updated) events.get(0)).changes();
            assertThat(changes.get(0).item().value()).isEmpty();
            assertThat(changes.get(1)).isEqualTo(new Change(Key.of("b"), 12, null));
        }

        @Test
        void inFragmentsSaysThatThereIsMoreAndIsToBeProvedOnceItIsWhole() {
            Watch watch = follow(5, 11);
            accept(watch);
            told.clear();
            server.says(of(watch.id()).addEvents(put("a", "1", 12)).setFragment(true));
            server.says(of(watch.id()).setFragment(true));
            assertThat(told).isEmpty();
            server.says(of(watch.id()).addEvents(put("b", "1", 12)));
            assertThat(events)
                    .extracting(event -> event instanceof Event.Updated each ? each.fragment() : null)
                    .containsExactly(null, true, true, false);
            assertThat(told).containsExactly("unproved");
        }

        @Test
        void withoutEventsIsProgress() {
            Watch watch = follow(5, 11);
            server.says(of(watch.id()));
            assertThat(events).containsExactly(new Event.Progressed(5, 20));
        }

        @Test
        void toAWatchThatWasCancelledIsNobodys() {
            Watch watch = follow(5, 11);
            accept(watch);
            clockwork.run(() -> stream.cancel(watch));
            events.clear();
            server.says(of(watch.id()).addEvents(put("a", "1", 12)));
            server.says(of(watch.id()).setCanceled(true));
            server.says(of(watch.id()).setCanceled(true));
            assertThat(events).isEmpty();
            assertThat(told).doesNotContain("ended CANCELLED");
        }

        @Test
        void toANumberThatNeverWasIsNobodys() {
            Watch watch = follow(5, 11);
            server.says(of(watch.id() + 1).addEvents(put("a", "1", 12)));
            server.says(of(0).addEvents(put("a", "1", 12)));
            assertThat(events).isEmpty();
        }
    }

    @Nested
    class ARefusal {
        /** etcd gives no number to a watch that it refuses; it answers in the order of the requests. */
        @Test
        void withoutANumberIsThatOfTheOldestThatIsNotAccepted() {
            Watch first = follow(5, 11);
            Watch second = follow(6, 11);
            Watch third = follow(7, 11);
            accept(first);
            events.clear();
            server.says(of(-1).setCreated(true).setCanceled(true).setCancelReason("watcher range is empty"));
            assertThat(events).singleElement().isInstanceOfSatisfying(Event.Failed.class, failed -> {
                assertThat(failed.ticket()).isEqualTo(6);
                assertThat(failed.trouble().message()).contains("watcher range is empty", "http://127.0.0.1:1");
            });
            assertThat(second.runsOn(stream)).isFalse();
            assertThat(third.runsOn(stream)).isTrue();
            assertThat(told).filteredOn("accepted"::equals).hasSize(2);
        }

        @Test
        void forACompactionSaysSo() {
            Watch watch = follow(5, 11);
            server.says(of(watch.id()).setCanceled(true).setCompactRevision(15));
            assertThat(events).containsExactly(new Event.Compacted(5));
            assertThat(stream.size()).isZero();
        }

        /** Perhaps the token is void that the stream was opened with. */
        @Test
        void forWantOfAPermissionRetiresTheStream() {
            Watch denied = follow(5, 11);
            Watch other = follow(6, 11);
            server.says(of(denied.id())
                    .setCanceled(true)
                    .setCancelReason("rpc error: code = PermissionDenied desc = etcdserver: permission denied"));
            assertThat(((Event.Failed) events.get(0)).trouble().kind()).isEqualTo(Trouble.Kind.ACCESS_DENIED);
            assertThat(stream.isRetired()).isTrue();
            assertThat(told).as("the other watch still runs").doesNotContain("ended CANCELLED");
            clockwork.run(() -> stream.cancel(other));
            assertThat(told).contains("ended CANCELLED");
        }
    }

    @Nested
    class TheEnd {
        @Test
        void byTheServerLosesAllWatchesTogether() {
            follow(5, 11);
            follow(6, 11);
            server.call.ends(Status.OK);
            assertThat(told).contains("ended UNAVAILABLE");
            assertThat(events)
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    Event.Lost.class,
                                    lost -> assertThat(lost.together()).isEqualTo(2)));
            assertThat(events).extracting(Event::ticket).containsExactlyInAnyOrder(5L, 6L);
        }

        @Test
        void comesOnceForWhateverReason() {
            follow(5, 11);
            server.call.ends(Status.INTERNAL);
            clockwork.run(() -> stream.end(Status.CANCELLED));
            assertThat(events).hasSize(1);
            assertThat(told).filteredOn(each -> each.startsWith("ended")).containsExactly("ended INTERNAL");
        }
    }
}
