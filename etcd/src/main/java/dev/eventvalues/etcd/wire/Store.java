package dev.eventvalues.etcd.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.eventvalues.etcd.Key;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Origin;
import dev.eventvalues.etcd.state.Trouble;
import dev.eventvalues.etcd.wire.proto.Compare;
import dev.eventvalues.etcd.wire.proto.DeleteRangeRequest;
import dev.eventvalues.etcd.wire.proto.KVGrpc;
import dev.eventvalues.etcd.wire.proto.PutRequest;
import dev.eventvalues.etcd.wire.proto.RangeRequest;
import dev.eventvalues.etcd.wire.proto.RequestOp;
import dev.eventvalues.etcd.wire.proto.TxnRequest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The keys in etcd, one at a time: read and written by single requests, none of which is ever repeated here. Every
 * future is completed on an IO thread, or fails with a {@link RequestFailedException}.
 */
public final class Store {
    /**
     * What a linearizable read has shown.
     *
     * @param origin who answered, and the revision that was read
     * @param item null if the key is absent
     */
    public record Reading(Origin origin, @Nullable Item item) {}

    /**
     * What has become of a conditional write.
     *
     * @param done whether the condition held, so that it was done
     * @param revision of the store behind it
     * @param found if it was not done: what the key holds instead; null if it is absent
     */
    public record Outcome(
            boolean done, long revision, @Nullable Item found) {}

    private final Connection connection;
    private final Holds holds;

    /**
     * Creates a store.
     *
     * @param connection to where
     * @param clockwork serializes and times holds
     * @param settings of the connection
     */
    Store(Connection connection, Clockwork clockwork, Connection.Settings settings) {
        this.connection = connection;
        this.holds = new Holds(this, new Leases(connection), clockwork, settings);
    }

    /**
     * Reads a key; linearizable.
     *
     * @param key which
     * @return what it holds
     */
    public CompletableFuture<Reading> read(Key key) {
        return connection
                .call(KVGrpc.getRangeMethod(), range(key))
                .thenApply(answer -> new Reading(Messages.origin(answer.getHeader()), Messages.item(answer)));
    }

    /**
     * Puts a value.
     *
     * @param key where
     * @param value not written to from now on
     * @return the new revision
     */
    public CompletableFuture<Long> put(Key key, byte[] value) {
        CompletableFuture<Long> answer = connection
                .call(KVGrpc.getPutMethod(), putting(key, value, 0))
                .thenApply(done -> done.getHeader().getRevision());
        return NoSpace.settle(answer, () -> read(key), found -> found == null || !Arrays.equals(found.value(), value));
    }

    /**
     * Deletes a key.
     *
     * @param key which
     * @return whether it was there
     */
    public CompletableFuture<Boolean> delete(Key key) {
        return connection
                .call(KVGrpc.getDeleteRangeMethod(), deletion(key))
                .thenApply(answer -> answer.getDeleted() > 0);
    }

    /**
     * Puts a value, if nobody has written the key since a revision.
     *
     * @param key where
     * @param modRevision the revision that last wrote the key; 0 if it is to be absent
     * @param value not written to from now on
     * @return what has become of it
     */
    public CompletableFuture<Outcome> putIf(Key key, long modRevision, byte[] value) {
        return writeIf(key, modRevision, RequestOp.newBuilder().setRequestPut(putting(key, value, 0)));
    }

    /**
     * Deletes a key, if nobody has written it since a revision.
     *
     * @param key which
     * @param modRevision the revision that last wrote the key; 0 if it is to be absent
     * @return what has become of it
     */
    public CompletableFuture<Outcome> deleteIf(Key key, long modRevision) {
        return writeIf(key, modRevision, RequestOp.newBuilder().setRequestDeleteRange(deletion(key)));
    }

    private CompletableFuture<Outcome> writeIf(Key key, long modRevision, RequestOp.Builder write) {
        return NoSpace.settle(
                transact(key, modRevision, write),
                () -> read(key),
                found -> (found == null ? 0 : found.modRevision()) == modRevision);
    }

    /**
     * What is held in this store.
     *
     * @return to hold more
     */
    public Holds holds() {
        return holds;
    }

    /**
     * Whether etcd refused a request for its size: it says so in one of two ways, by how much too large it is.
     *
     * @param refusal what it said
     * @return true if so
     */
    public static boolean isTooLarge(Trouble refusal) {
        return refusal.message().contains("request is too large")
                || refusal.message().contains("message larger than max");
    }

    /** Puts a value under a lease, if the key is absent. */
    CompletableFuture<Outcome> create(Key key, byte[] value, long lease) {
        return transact(key, 0, RequestOp.newBuilder().setRequestPut(putting(key, value, lease)));
    }

    private CompletableFuture<Outcome> transact(Key key, long modRevision, RequestOp.Builder write) {
        TxnRequest request = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setKey(Messages.bytes(key))
                        .setModRevision(modRevision))
                .addSuccess(write)
                .addFailure(RequestOp.newBuilder().setRequestRange(range(key)))
                .build();
        return connection
                .call(KVGrpc.getTxnMethod(), request)
                .thenApply(answer -> new Outcome(
                        answer.getSucceeded(),
                        answer.getHeader().getRevision(),
                        answer.getSucceeded()
                                ? null
                                : Messages.item(answer.getResponses(0).getResponseRange())));
    }

    private static RangeRequest range(Key key) {
        return RangeRequest.newBuilder().setKey(Messages.bytes(key)).build();
    }

    private static PutRequest putting(Key key, byte[] value, long lease) {
        return PutRequest.newBuilder()
                .setKey(Messages.bytes(key))
                .setValue(UnsafeByteOperations.unsafeWrap(value))
                .setLease(lease)
                .build();
    }

    private static DeleteRangeRequest deletion(Key key) {
        return DeleteRangeRequest.newBuilder().setKey(Messages.bytes(key)).build();
    }
}
