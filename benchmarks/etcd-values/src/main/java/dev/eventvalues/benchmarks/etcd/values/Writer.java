package dev.eventvalues.benchmarks.etcd.values;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import dev.eventvalues.benchmarks.etcd.Keys;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.PutRequest;
import dev.eventvalues.etcd.wire.proto.PutResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** The program that writes for all clients, so that each reads what came in the same way. */
public final class Writer {
    /** More than this do not make the server faster. */
    private static final int UNANSWERED = 256;

    private final KVGrpc.KVFutureStub store;
    private int generation;

    private Writer(ManagedChannel channel) {
        this.store = KVGrpc.newFutureStub(channel).withWaitForReady(); // the server starts again between
    }

    /**
     * Takes lines of a prefix, how many keys and how many bytes each value has; writes these keys, and answers with a
     * line.
     *
     * @param args the server's endpoint
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(args[0].substring("http://".length()))
                .usePlaintext()
                .directExecutor()
                .build();
        Writer writer = new Writer(channel);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            writer.write(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            System.out.println("written");
        }
        channel.shutdownNow();
    }

    private void write(String prefix, int count, int bytes) throws InterruptedException {
        generation++;
        Semaphore free = new Semaphore(UNANSWERED);
        for (int index = 0; index < count; index++) {
            free.acquire();
            byte[] value = ByteBuffer.allocate(bytes).putInt(generation).array();
            ListenableFuture<PutResponse> answer = store.put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(Keys.of(prefix, index)))
                    .setValue(ByteString.copyFrom(value))
                    .build());
            answer.addListener(
                    () -> {
                        Futures.getUnchecked(answer); // a key that is missing would keep all waiting
                        free.release();
                    },
                    MoreExecutors.directExecutor());
        }
        free.acquire(UNANSWERED);
    }
}
