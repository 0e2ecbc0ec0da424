package dev.eventvalues.testkit;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whom the oracle acts as, on all members of a cluster: nobody, until it logs in. */
final class Session {
    /** A user of etcd. */
    record Login(String name, String password) {}

    /* Both are written and read by any thread. */
    private volatile @Nullable Login login;
    /* The newest one. Members share their tokens, but each forgets them when it is restarted. */
    private volatile @Nullable String token;

    void logIn(String name, String password) {
        token = null;
        login = new Login(name, password);
    }

    void logOut() {
        login = null;
        token = null;
    }

    /**
     * Asks for a new token before the next request. To be called when a cluster has lost data: a member does not refuse
     * a token from its future, but waits for the data.
     */
    void forgetToken() {
        token = null;
    }

    Optional<Login> login() {
        return Optional.ofNullable(login);
    }

    /** Sends a request, and once more with a new token if the first one is refused: then it was not carried out. */
    JsonNode post(Gateway gateway, String path, JsonNode body, Duration timeout) {
        Login user = login;
        if (user == null) {
            return gateway.post(path, body, timeout);
        }
        Deadline deadline = Deadline.in(timeout);
        String known = token;
        if (known != null) {
            try {
                return gateway.post(path, body, timeout, Optional.of(known));
            } catch (EtcdRequestException e) {
                if (!e.isForAnInvalidToken()) {
                    throw e;
                }
            }
        }
        Optional<String> fresh = gateway.authenticate(user, deadline.remaining());
        token = fresh.orElse(null);
        return gateway.post(path, body, deadline.remaining(), fresh);
    }
}
