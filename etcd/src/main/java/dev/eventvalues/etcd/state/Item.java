package dev.eventvalues.etcd.state;

import java.util.Arrays;

/** What etcd holds under a key. Immutable: nobody writes to the array. */
public final class Item {
    private final byte[] value;
    private final long createRevision;
    private final long modRevision;
    private final long version;
    private final long lease;

    /**
     * Creates an item.
     *
     * @param value not copied
     * @param createRevision the revision that created the key
     * @param modRevision the revision that last wrote it
     * @param version how often it has been written since it was created
     * @param lease the lease it is attached to, or 0
     */
    public Item(byte[] value, long createRevision, long modRevision, long version, long lease) {
        this.value = value;
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.version = version;
        this.lease = lease;
    }

    /**
     * The value.
     *
     * @return the array itself: do not write to it
     */
    public byte[] value() {
        return value;
    }

    /**
     * The revision that created the key.
     *
     * @return at least 1
     */
    public long createRevision() {
        return createRevision;
    }

    /**
     * The revision that last wrote the key.
     *
     * @return at least 1
     */
    public long modRevision() {
        return modRevision;
    }

    /**
     * How often the key has been written since it was created.
     *
     * @return at least 1
     */
    public long version() {
        return version;
    }

    /**
     * The lease the key is attached to.
     *
     * @return 0 for none
     */
    public long lease() {
        return lease;
    }

    /**
     * Whether another item has the same value.
     *
     * @param other an item of the same key
     * @return true if the bytes are equal
     */
    public boolean sameValue(Item other) {
        return this == other || Arrays.equals(value, other.value);
    }

    /**
     * Whether another item of the same key comes from the same write. In one store the revision would tell; in two, the
     * same value may have been written at the same revision.
     */
    boolean sameWrite(Item other) {
        return modRevision == other.modRevision
                && createRevision == other.createRevision
                && version == other.version
                && lease == other.lease
                && sameValue(other);
    }

    /** Never shows the value. */
    @Override
    public String toString() {
        return "Item[" + value.length + " bytes, modRevision " + modRevision + "]";
    }
}
