package dev.eventvalues.etcd.wire;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** A call at whose other end is a test. */
final class AnsweredCall<Q, A> extends ClientCall<Q, A> {
    /** What has been sent, and "cancelled". */
    final List<Object> requests = new ArrayList<>();

    Metadata headers;
    private Listener<Object> client;

    void says(Object answer) {
        client.onMessage(answer);
    }

    void ends(Status status) {
        client.onClose(status, new Metadata());
    }

    @Override
    @SuppressWarnings("unchecked")
    public void start(Listener<A> listener, Metadata sent) {
        headers = sent;
        client = (Listener<Object>) listener;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(String reason, Throwable cause) {
        requests.add("cancelled");
        ends(Status.CANCELLED);
    }

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Q request) {
        requests.add(request);
    }
}
