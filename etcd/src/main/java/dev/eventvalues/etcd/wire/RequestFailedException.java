package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.state.Trouble;
import io.grpc.Status;

/** A request that did not succeed. */
public final class RequestFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Trouble trouble;
    private final boolean refused;

    RequestFailedException(Status status) {
        super(Troubles.text(status));
        this.trouble = Troubles.of(status);
        this.refused = Troubles.isRefusal(status);
    }

    private RequestFailedException(Trouble trouble) {
        super(trouble.message());
        this.trouble = trouble;
        this.refused = true;
    }

    static RequestFailedException notSent(Trouble why) {
        return new RequestFailedException(why);
    }

    /**
     * What went wrong.
     *
     * @return the trouble
     */
    public Trouble trouble() {
        return trouble;
    }

    /**
     * Whether what was asked for has certainly not been done: the server said so, or it was never asked.
     *
     * @return false if it may have done it
     */
    public boolean isRefused() {
        return refused;
    }
}
