package dev.eventvalues.etcd;

import dev.eventvalues.etcd.state.Item;

/**
 * What etcd holds under a key, with etcd's own accounts.
 *
 * @param <T> the values
 * @param key the key, without the namespace
 * @param value the value
 * @param createRevision the revision that created the key
 * @param modRevision the revision that last wrote it
 * @param version how often it has been written since it was created, from 1
 * @param lease the id of the lease it is attached to; 0 for none
 */
public record Entry<T>(Key key, T value, long createRevision, long modRevision, long version, long lease) {
    static <T> Entry<T> of(Key key, T value, Item item) {
        return new Entry<>(key, value, item.createRevision(), item.modRevision(), item.version(), item.lease());
    }

    /** Never shows the value. */
    @Override
    public String toString() {
        return "Entry[key=" + key + ", createRevision=" + createRevision + ", modRevision=" + modRevision + ", version="
                + version + ", lease=" + lease + "]";
    }
}
