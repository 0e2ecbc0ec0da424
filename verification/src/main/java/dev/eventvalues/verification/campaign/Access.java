package dev.eventvalues.verification.campaign;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs to reach a cluster.
 *
 * @param endpoints where the members are
 * @param prefix of the keys
 * @param login how it makes itself known, and whom it trusts; null if the cluster is open to all
 */
record Access(
        List<String> endpoints, String prefix, @Nullable Login login) implements Serializable {
    /** Files, as they change while a client runs. */
    record Login(String user, String passwordFile, String trustPem) implements Serializable {}
}
