package dev.eventvalues.etcd.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.wire.proto.DeleteRangeRequest;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.PutRequest;
import java.util.concurrent.CompletableFuture;

/**
 * What is written in etcd. Every future is completed on an IO thread, or fails with a {@link RequestFailedException}.
 */
public final class Store {
    private final Connection connection;

    Store(Connection connection) {
        this.connection = connection;
    }

    /**
     * Puts a value.
     *
     * @param key where
     * @param value not written to from now on
     * @return the new revision
     */
    public CompletableFuture<Long> put(Key key, byte[] value) {
        PutRequest request = PutRequest.newBuilder()
                .setKey(Messages.bytes(key))
                .setValue(UnsafeByteOperations.unsafeWrap(value))
                .build();
        return connection
                .call(KVGrpc.getPutMethod(), request)
                .thenApply(answer -> answer.getHeader().getRevision());
    }

    /**
     * Deletes a key.
     *
     * @param key which
     * @return whether it was there
     */
    public CompletableFuture<Boolean> delete(Key key) {
        DeleteRangeRequest request =
                DeleteRangeRequest.newBuilder().setKey(Messages.bytes(key)).build();
        return connection.call(KVGrpc.getDeleteRangeMethod(), request).thenApply(answer -> answer.getDeleted() > 0);
    }
}
