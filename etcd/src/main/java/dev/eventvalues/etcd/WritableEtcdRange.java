package dev.eventvalues.etcd;

/**
 * Many keys in etcd whose values can be written, one key at a time.
 *
 * <p>Not for implementation outside this library; methods may be added.
 *
 * @param <T> the values
 */
public interface WritableEtcdRange<T> extends EtcdRange<T> {
    @Override
    WritableEtcdValue<T> at(Key key);

    @Override
    default WritableEtcdValue<T> at(String key) {
        return at(Key.of(key));
    }
}
