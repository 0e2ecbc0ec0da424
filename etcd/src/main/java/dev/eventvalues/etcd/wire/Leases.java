package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.wire.proto.LeaseGrantRequest;
import dev.eventvalues.etcd.wire.proto.LeaseGrantResponse;
import dev.eventvalues.etcd.wire.proto.LeaseGrpc;
import dev.eventvalues.etcd.wire.proto.LeaseKeepAliveRequest;
import dev.eventvalues.etcd.wire.proto.LeaseKeepAliveResponse;
import dev.eventvalues.etcd.wire.proto.LeaseRevokeRequest;
import io.grpc.MethodDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Leases in etcd. Every future is completed on an IO thread, or fails with a {@link RequestFailedException}.
 */
final class Leases {
    /** A stream in etcd's definition: it answers each request once, and ends when ours ends. So one of each is a call. */
    private static final MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveResponse> KEEP_ALIVE_ONCE =
            LeaseGrpc.getLeaseKeepAliveMethod().toBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .build();

    private final Connection connection;

    Leases(Connection connection) {
        this.connection = connection;
    }

    /** Asks for a lease; its id. */
    CompletableFuture<Long> grant(long seconds) {
        return connection
                .call(
                        LeaseGrpc.getLeaseGrantMethod(),
                        LeaseGrantRequest.newBuilder().setTTL(seconds).build())
                .thenApply(LeaseGrantResponse::getID);
    }

    /** Keeps a lease alive for another time to live; false if there is no such lease. */
    CompletableFuture<Boolean> renew(long lease) {
        return connection
                .call(
                        KEEP_ALIVE_ONCE,
                        LeaseKeepAliveRequest.newBuilder().setID(lease).build())
                .thenApply(answer -> answer.getTTL() > 0);
    }

    /** Revokes a lease, with all keys under it. Succeeds if there is none. */
    CompletableFuture<Void> revoke(long lease) {
        return connection
                .call(
                        LeaseGrpc.getLeaseRevokeMethod(),
                        LeaseRevokeRequest.newBuilder().setID(lease).build())
                .handle((answer, failure) -> {
                    if (failure != null && !isOfNoLease(failure)) {
                        throw new CompletionException(failure);
                    }
                    return null;
                });
    }

    private static boolean isOfNoLease(Throwable failure) {
        return failure instanceof RequestFailedException failed
                && failed.trouble().message().contains("requested lease not found");
    }
}
