package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;

import com.google.protobuf.ByteString;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.PutRequest;
import dev.eventvalues.etcd.wire.proto.RequestOp;
import dev.eventvalues.etcd.wire.proto.TxnRequest;
import dev.eventvalues.etcd.wire.proto.TxnResponse;
import dev.eventvalues.testkit.Member;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Writes as fast as a member takes it: many transactions at once, each of which writes all keys. */
final class Flood {
    private static final int AT_ONCE = 200;

    private Flood() {}

    /** Returns the revision of the last transaction. */
    static long of(Member member, List<String> keys, int transactions) throws InterruptedException {
        URI endpoint = URI.create(member.directEndpoint());
        ManagedChannel channel = ManagedChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                .usePlaintext()
                .build();
        try {
            AtomicLong revision = new AtomicLong();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Semaphore free = new Semaphore(AT_ONCE);
            for (int i = 0; i < transactions; i++) {
                acquire(free, 1);
                KVGrpc.newStub(channel).txn(transaction(keys, i), new StreamObserver<>() {
                    @Override
                    public void onNext(TxnResponse answer) {
                        revision.accumulateAndGet(answer.getHeader().getRevision(), Math::max);
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        failure.set(thrown);
                        free.release();
                    }

                    @Override
                    public void onCompleted() {
                        free.release();
                    }
                });
            }
            acquire(free, AT_ONCE);
            if (failure.get() != null) {
                throw new AssertionError("a transaction failed", failure.get());
            }
            return revision.get();
        } finally {
            channel.shutdownNow();
        }
    }

    private static void acquire(Semaphore free, int count) throws InterruptedException {
        if (!free.tryAcquire(count, BOUND.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("no transaction was answered within " + BOUND);
        }
    }

    private static TxnRequest transaction(List<String> keys, int number) {
        TxnRequest.Builder transaction = TxnRequest.newBuilder();
        for (String key : keys) {
            transaction.addSuccess(RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8(key))
                            .setValue(ByteString.copyFromUtf8(String.format("%020d", number)))));
        }
        return transaction.build();
    }
}
