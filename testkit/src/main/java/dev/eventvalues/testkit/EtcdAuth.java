package dev.eventvalues.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The users of a cluster and what they may do.
 *
 * <p>While it is enabled, the {@link EtcdStore}s of the cluster and of its members act as root. They log in again when
 * etcd does not know their token any more.
 *
 * <p>Methods return when all members know of the change that run and are connected to a majority. They throw what
 * {@link EtcdStore} says, and {@link IllegalStateException} when members are not in time.
 */
public final class EtcdAuth {
    private static final String ROOT = "root";

    private final EtcdCluster cluster;
    private final Session session;

    EtcdAuth(EtcdCluster cluster, Session session) {
        this.cluster = cluster;
        this.session = session;
    }

    /** What a role may do with keys. */
    public enum Permission {
        /** Read and watch. */
        READ,
        /** Write and remove. */
        WRITE,
        /** Both. */
        READWRITE
    }

    /**
     * Adds the user root and demands of everybody to log in.
     *
     * @param rootPassword the password of root
     */
    public void enable(String rootPassword) {
        addUser(ROOT, rootPassword);
        addRole(ROOT);
        grantRole(ROOT, ROOT);
        change("/v3/auth/enable", Gateway.object());
        session.logIn(ROOT, rootPassword);
    }

    /** Demands nothing of anybody any more, if it is enabled, and removes all users and roles. */
    public void disable() {
        if (session.login().isPresent()) {
            change("/v3/auth/disable", Gateway.object());
            session.logOut();
        }
        names("user").forEach(this::deleteUser);
        names("role").forEach(this::deleteRole);
    }

    private List<String> names(String kind) {
        JsonNode list = Gateway.parse(cluster.call("/v3/auth/" + kind + "/list", "{}"));
        return list.path(kind + "s")
                .valueStream()
                .map(name -> name.asString(""))
                .toList();
    }

    /**
     * Adds a user without any roles.
     *
     * @param name the name
     * @param password the password
     */
    public void addUser(String name, String password) {
        change("/v3/auth/user/add", named(name).put("password", password));
    }

    /**
     * Removes a user. Their tokens are worth nothing from now on.
     *
     * @param name the name
     */
    public void deleteUser(String name) {
        change("/v3/auth/user/delete", named(name));
    }

    /**
     * Changes a password. Tokens that were given for the old one are worth nothing from now on.
     *
     * @param name whose
     * @param password the new password
     */
    public void changePassword(String name, String password) {
        change("/v3/auth/user/changepw", named(name).put("password", password));
        if (name.equals(ROOT) && session.login().isPresent()) {
            session.logIn(ROOT, password);
        }
    }

    /**
     * Adds a role that may do nothing.
     *
     * @param role the name
     */
    public void addRole(String role) {
        change("/v3/auth/role/add", named(role));
    }

    /**
     * Removes a role, and takes it from all users who have it.
     *
     * @param role the name
     */
    public void deleteRole(String role) {
        change("/v3/auth/role/delete", Gateway.object().put("role", role));
    }

    /**
     * Gives a role to a user.
     *
     * @param user whom
     * @param role the role
     */
    public void grantRole(String user, String role) {
        change("/v3/auth/user/grant", Gateway.object().put("user", user).put("role", role));
    }

    /**
     * Takes a role from a user.
     *
     * @param user whom
     * @param role the role
     */
    public void revokeRole(String user, String role) {
        change("/v3/auth/user/revoke", named(user).put("role", role));
    }

    /**
     * Lets a role do something with the keys with a prefix.
     *
     * @param role the role
     * @param prefix the prefix; all keys if it is empty
     * @param what what it may do, in place of what it might do with exactly these keys before
     */
    public void permit(String role, String prefix, Permission what) {
        ObjectNode request = named(role);
        request.set(
                "perm", EtcdStore.range(prefix.getBytes(StandardCharsets.UTF_8)).put("permType", what.name()));
        change("/v3/auth/role/grant", request);
    }

    /**
     * Takes back what was permitted with {@link #permit} for this very prefix.
     *
     * @param role the role
     * @param prefix the prefix
     */
    public void forbid(String role, String prefix) {
        change(
                "/v3/auth/role/revoke",
                EtcdStore.range(prefix.getBytes(StandardCharsets.UTF_8)).put("role", role));
    }

    private static ObjectNode named(String name) {
        return Gateway.object().put("name", name);
    }

    private void change(String path, ObjectNode request) {
        cluster.call(path, request.toString());
        cluster.awaitApplied();
    }
}
