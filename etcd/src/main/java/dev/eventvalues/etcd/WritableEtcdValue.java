package dev.eventvalues.etcd;

/**
 * One key in etcd that can be written.
 *
 * <p><b>Waiting.</b> A write blocks until etcd answers, at most for the request timeout. One whose answer does not come
 * throws {@link MaybeWrittenException}, also if the waiting thread is interrupted (which then stays interrupted): it is
 * never repeated silently. A thread that is interrupted on entry gets {@link InterruptedException} and writes nothing.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the values
 */
public interface WritableEtcdValue<T> extends EtcdValue<T> {
    /**
     * Writes a value.
     *
     * @param value not null
     * @return the new revision
     * @throws InterruptedException if the thread is interrupted on entry; nothing was written
     * @throws MaybeWrittenException if the answer did not come
     * @throws EtcdException if etcd refused
     */
    long set(T value) throws InterruptedException;

    /**
     * Deletes the key.
     *
     * @return whether it was there
     * @throws InterruptedException if the thread is interrupted on entry; nothing was deleted
     * @throws MaybeWrittenException if the answer did not come
     * @throws EtcdException if etcd refused
     */
    boolean delete() throws InterruptedException;
}
