package dev.eventvalues.etcd;

/** A decoder could not read what a key holds. The next value that it can read is delivered as usual. */
public class DecodeException extends EtcdException {
    private static final long serialVersionUID = 1;

    private final transient Key key;
    private final long revision;

    /**
     * Creates the exception. The bytes are not kept.
     *
     * @param key the key, without the namespace
     * @param revision the revision that wrote what cannot be read
     * @param length how many bytes the key holds
     * @param cause what the decoder threw
     */
    public DecodeException(Key key, long revision, int length, Throwable cause) {
        super(
                "cannot decode the " + length + " bytes of key \"" + key + "\" written at revision " + revision
                        + ": the" + " decoder threw " + cause.getClass().getName(),
                cause);
        this.key = key;
        this.revision = revision;
    }

    /**
     * The key.
     *
     * @return without the namespace
     */
    public Key key() {
        return key;
    }

    /**
     * The revision that wrote what cannot be read.
     *
     * @return the key's modRevision
     */
    public long revision() {
        return revision;
    }
}
