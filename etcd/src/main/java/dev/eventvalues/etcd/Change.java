package dev.eventvalues.etcd;

/**
 * How one key of a range differs from the last delivery.
 *
 * @param <T> the values
 */
public sealed interface Change<T> {
    /**
     * The key.
     *
     * @return without the namespace
     */
    Key key();

    /**
     * A key that was not there.
     *
     * @param <T> the values
     * @param key the key, without the namespace
     * @param value its value
     */
    record Added<T>(Key key, T value) implements Change<T> {
        /** Never shows the value. */
        @Override
        public String toString() {
            return "Added[" + key + "]";
        }
    }

    /**
     * A key whose value is another.
     *
     * @param <T> the values
     * @param key the key, without the namespace
     * @param before the value at the last delivery
     * @param after the value now
     */
    record Updated<T>(Key key, T before, T after) implements Change<T> {
        /** Never shows the values. */
        @Override
        public String toString() {
            return "Updated[" + key + "]";
        }
    }

    /**
     * A key that is no longer there, or whose value can no longer be decoded; then it is in
     * {@link Snapshot#undecodable()} of the same delivery.
     *
     * @param <T> the values
     * @param key the key, without the namespace
     * @param before the value at the last delivery
     */
    record Removed<T>(Key key, T before) implements Change<T> {
        /** Never shows the value. */
        @Override
        public String toString() {
            return "Removed[" + key + "]";
        }
    }
}
