package dev.eventvalues.etcd.state;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An etcd of one key: what holders need of it, and nothing that fails. */
final class SimulatedLeases {
    private final long ttl;

    /** When each lease ends. */
    private final Map<Long, Long> leases = new HashMap<>();

    private long lastLease = 100;
    private long time;
    private @Nullable Item item;

    long revision = 1;

    SimulatedLeases(long ttl) {
        this.ttl = ttl;
    }

    /** Lets time pass; leases that end by then take their key along. */
    void passTo(long now) {
        time = now;
        if (leases.values().removeIf(end -> end <= now)) {
            deleteOrphan();
        }
    }

    @Nullable
    Item item() {
        return item;
    }

    HoldEvent grant(HoldCommand.Grant command) {
        leases.put(++lastLease, time + ttl);
        return new HoldEvent.Granted(command.ticket(), lastLease);
    }

    HoldEvent take(HoldCommand.Take command) {
        if (item != null) {
            return new HoldEvent.Occupied(command.ticket(), item);
        }
        if (!leases.containsKey(command.lease())) {
            return new HoldEvent.Failed(
                    command.ticket(), new Trouble(Trouble.Kind.UNREACHABLE, "requested lease not found"));
        }
        put(command.lease());
        return new HoldEvent.Taken(command.ticket(), revision);
    }

    HoldEvent renew(HoldCommand.Renew command) {
        return leases.computeIfPresent(command.lease(), (id, end) -> time + ttl) == null
                ? new HoldEvent.Gone(command.lease())
                : new HoldEvent.Renewed(command.lease(), command.sent());
    }

    HoldEvent revoke(HoldCommand.Revoke command) {
        leases.remove(command.lease());
        deleteOrphan();
        return new HoldEvent.Revoked(command.ticket());
    }

    /** Somebody else puts the key, without a lease. */
    void overwrite() {
        put(0);
    }

    /** Somebody else deletes the key. */
    void delete() {
        if (item != null) {
            item = null;
            revision++;
        }
    }

    /** Somebody else revokes the lease of the key. */
    void revokeLease() {
        if (item != null) {
            leases.remove(item.lease());
            deleteOrphan();
        }
    }

    private void put(long lease) {
        revision++;
        item = new Item(new byte[0], revision, revision, 1, lease);
    }

    private void deleteOrphan() {
        if (item != null && item.lease() != 0 && !leases.containsKey(item.lease())) {
            delete();
        }
    }
}
